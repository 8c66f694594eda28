import { Fault } from "#shared/errors";
import { type Scripted, scriptedApi, type ScriptedApi } from "#shared/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ApiOptions } from "./api.ts";
import { path } from "./path.ts";

function open(
  options: Partial<ApiOptions> = {},
  answer: Scripted = { json: { id: 1 } },
): ScriptedApi {
  return scriptedApi([answer], options);
}

const authorize: ApiOptions["authorize"] = async (request, again) => ({
  ...request,
  headers: { ...request.headers, authorization: again ? "new" : "old" },
});
const response = z.object({ id: z.int() });
const create = { method: "POST", path: path`/items`, json: { title: "a" }, response } as const;

describe("a request of an action", () => {
  it("joins base, path and query, and leaves out what is undefined", async () => {
    const { api, sent } = open();
    const query = { q: "a b&c+d", page: 2, all: true, none: undefined };
    expect(await api.request({ method: "GET", path: path`/items`, query, response })).toEqual({
      id: 1,
    });
    expect(sent[0]).toMatchObject({
      url: "https://api.example.com/v2/items?q=a%20b%26c%2Bd&page=2&all=true",
      repeatable: true,
      text: "",
    });
    expect(sent[0]?.headers).toMatchObject({
      authorization: "Bearer x",
      accept: "application/json",
    });
  });

  it("may hold random bytes of the port", async () => {
    expect(
      open({ random: { bytes: (length) => new Uint8Array(length).fill(7) } }).api.randomBytes(3),
    ).toEqual(Uint8Array.of(7, 7, 7));
  });

  it("sends JSON or a form", async () => {
    const { api, sent } = open();
    await api.request(create);
    await api.request({
      method: "POST",
      path: path`/f`,
      form: { a: "1 2", b: undefined },
      response,
    });
    expect(sent.map(({ text, headers }) => [headers?.["content-type"], text])).toEqual([
      ["application/json; charset=utf-8", '{"title":"a"}'],
      ["application/x-www-form-urlencoded", "a=1+2"],
    ]);
  });

  it("carries a key as a header, the same for every repeat and another for every write", async () => {
    const idempotency = { kind: "header", header: "idempotency-key" } as const;
    const keys = async (key: string): Promise<unknown[]> => {
      const { api, sent } = open({ idempotency, key });
      await api.request({ method: "GET", path: path`/items`, response });
      await api.request(create);
      await api.request(create);
      expect(sent.map(({ repeatable }) => repeatable)).toEqual([true, true, true]);
      return sent.map(({ headers }) => headers?.["idempotency-key"]);
    };
    const [read, first, second] = await keys("call-1");
    expect(read).toBeUndefined();
    expect(first).not.toBe(second);
    expect(await keys("call-1")).toEqual([read, first, second]);
    expect(await keys("call-2")).not.toContain(first);
  });

  it("carries a key as a field", async () => {
    const { api, sent } = open({ idempotency: { kind: "field", field: "client_token" } });
    await api.request(create);
    await api.request({ method: "POST", path: path`/f`, form: {}, response });
    expect(JSON.parse(sent[0]?.text ?? "")).toEqual({
      title: "a",
      client_token: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(sent[1]?.text).toMatch(/^client_token=[0-9a-f]{40}$/);
    expect(sent.map(({ repeatable }) => repeatable)).toEqual([true, true]);
  });

  it.each([
    [false, { kind: "none", why: "-" }],
    [true, { kind: "natural", why: "-" }],
  ] as const)("may be repeated (%s) without a key if it is %j", async (repeatable, idempotency) => {
    const { api, sent } = open({ idempotency });
    await api.request(create);
    expect(sent[0]).toMatchObject({ repeatable, text: '{"title":"a"}' });
  });

  it("says where an answer does not fit, and that a write may have happened", async () => {
    for (const text of ['{"id":"secret"}', "<html>secret</html>", ""]) {
      const { api } = open({}, { text });
      const fault = { code: "internal", origin: "upstream" };
      const write = await api.request(create).catch((error: unknown) => error);
      expect(write).toMatchObject({ ...fault, details: { outcome: "unknown" } });
      expect(String(write)).not.toContain("secret");
      const read = api.request({ method: "GET", path: path`/items`, response });
      await expect(read).rejects.toMatchObject({
        ...fault,
        details: { field: expect.any(String) },
      });
    }
  });

  it("takes an empty answer where the schema does", async () => {
    const { api } = open({}, { text: "", status: 204 });
    const nothing = { method: "DELETE", path: path`/items/${1}`, response: z.undefined() } as const;
    expect(await api.request(nothing)).toBeUndefined();
  });

  it("sends what the call says beside: headers, lists in a query, bytes; and gives what stands around", async () => {
    const { api, sent } = scriptedApi([
      { status: 304, headers: { etag: '"2"' }, text: "" },
      { text: "plain" },
      { text: "\u0000bytes" },
    ]);
    const answer = await api.send({
      method: "GET",
      path: path`/items`,
      query: { tag: ["a", "b"], empty: [] },
      headers: { "If-None-Match": '"1"', "x-none": undefined, accept: "text/plain" },
      accept: [304],
      response: z.undefined(),
    });
    expect(answer).toEqual({ status: 304, headers: { etag: '"2"' }, body: undefined });
    expect(sent[0]).toMatchObject({
      url: "https://api.example.com/v2/items?tag=a&tag=b",
      accept: [304],
      headers: { "if-none-match": '"1"', accept: "text/plain" },
    });
    expect(sent[0]?.headers).not.toHaveProperty("x-none");
    const text = { method: "GET", path: path`/t`, read: "text", response: z.string() } as const;
    expect(await api.request(text)).toBe("plain");
    const bytes = z.instanceof(Uint8Array);
    const read = await api.request({ ...text, read: "bytes", response: bytes });
    expect(Buffer.from(read).toString()).toBe("\u0000bytes");
  });

  it("refuses a body that is too long, and a key in a list", async () => {
    const { api } = open({ idempotency: { kind: "field", field: "key" } });
    const bytes = new Uint8Array(32 * 1024 * 1024 + 1);
    const body = { kind: "bytes", bytes, type: "application/zip" } as const;
    await expect(api.request({ ...create, body })).rejects.toMatchObject({ code: "too_large" });
    await expect(api.request({ ...create, json: [1] })).rejects.toMatchObject({ code: "internal" });
    const plain = open();
    await plain.api.request({ ...create, json: [1] });
    expect(plain.sent[0]?.text).toBe("[1]");
  });

  it("may be repeated if the action only reads, or it says that it does itself", async () => {
    const post = { method: "POST", path: path`/search`, json: {}, response } as const;
    const idempotency = { kind: "none", why: "-" } as const;
    const reading = open({ effect: "read" });
    await reading.api.request(post);
    const writing = open({ idempotency });
    await writing.api.request({ ...post, safe: true });
    expect(writing.hasWritten()).toBe(false);
    await writing.api.request(post);
    expect([...reading.sent, ...writing.sent].map(({ repeatable }) => repeatable)).toEqual([
      true,
      true,
      false,
    ]);
    expect(writing.hasWritten()).toBe(true);
  });

  it("carries the connection's proof to hosts that take it, and to no other", async () => {
    const http = {
      baseUrl: "https://api.example.com",
      headers: { "x-version": "1" },
      hosts: {
        other: { baseUrl: "https://other.example.com", headers: { "x-version": "2" } },
        files: { baseUrl: "https://files.example.com", auth: "none" },
      },
    } as const;
    const { api, sent } = scriptedApi([{ json: { id: 1 } }], { http });
    for (const host of [undefined, "other", "files"]) {
      await api.request({ method: "GET", path: path`/x`, response, ...(host && { host }) });
    }
    expect(
      sent.map(({ url, headers }) => [url, headers["authorization"], headers["x-version"]]),
    ).toEqual([
      ["https://api.example.com/x", "Bearer x", "1"],
      ["https://other.example.com/x", "Bearer x", "2"],
      ["https://files.example.com/x", undefined, "1"],
    ]);
  });

  it("carries to a host of its own way of proof what that takes", async () => {
    const basic = { username: "account", password: "token" };
    const { api, sent } = open({
      http: {
        baseUrl: "https://api.example.com/v2/",
        hosts: { tokens: { baseUrl: "https://auth.example.com", auth: { basic } } },
      },
      authorize: async (request, _, proof) => ({
        ...request,
        headers: { authorization: JSON.stringify(proof?.basic ?? "connection") },
      }),
    });
    for (const host of [undefined, "tokens"]) {
      await api.request({ method: "GET", path: path`/x`, response, ...(host && { host }) });
    }
    expect(sent.map(({ headers }) => headers["authorization"])).toEqual([
      '"connection"',
      JSON.stringify(basic),
    ]);
  });

  it("is signed for the service of its host, where that has one of its own", async () => {
    const hosts = {
      metrics: { baseUrl: "https://monitoring.example.com", service: "monitoring" },
    } as const;
    const asked: unknown[] = [];
    const { api } = open({
      http: { baseUrl: "https://api.example.com", hosts },
      authorize: async (request, again, proof) => {
        asked.push([new URL(request.url).host, again, proof?.service]);
        return request;
      },
    });
    await api.request(create);
    await api.request({ ...create, host: "metrics" });
    expect(asked).toEqual([
      ["api.example.com", false, undefined],
      ["monitoring.example.com", false, "monitoring"],
    ]);
  });

  it("is sent once more with a fresh proof after a 401, even a write, and then no more", async () => {
    const refused = new Fault("unauthenticated", "test: refused", { origin: "upstream" });
    const idempotency = { kind: "none", why: "-" } as const;
    const { api, sent } = scriptedApi([refused, { json: { id: 1 } }], { authorize, idempotency });
    expect(await api.request(create)).toEqual({ id: 1 });
    expect(sent.map(({ headers }) => headers["authorization"])).toEqual(["old", "new"]);
    const twice = scriptedApi([refused], { authorize });
    await expect(twice.api.request(create)).rejects.toBe(refused);
    expect(twice.sent).toHaveLength(2);
    const never = scriptedApi([refused], {
      authorize: async (request, again) => (again ? undefined : request),
    });
    await expect(never.api.request(create)).rejects.toBe(refused);
    expect(never.sent).toHaveLength(1);
  });
});

describe("a stream of an action", () => {
  const get = { method: "GET", path: path`/watch` } as const;

  async function read(
    text: string,
    format: "sse" | "ndjson",
    chunk: z.ZodType,
  ): Promise<unknown[]> {
    const { api } = scriptedApi([{ text }]);
    const chunks: unknown[] = [];
    for await (const one of api.stream({ ...get, format, chunk })) chunks.push(one);
    return chunks;
  }

  it("gives events with their data, until [DONE]", async () => {
    const text = 'event: a\nid: 7\ndata: {"n":1}\n\ndata: two\n\ndata: [DONE]\n\ndata: 3\n\n';
    expect(await read(text, "sse", z.unknown())).toEqual([
      { event: "a", data: { n: 1 }, id: "7" },
      { event: "message", data: "two", id: "7" },
    ]);
  });

  it("gives a value per line, the last one without an end too", async () => {
    expect(await read('{"n":1}\r\n\n[2]\n"dr\u00fcei"', "ndjson", z.unknown())).toEqual([
      { n: 1 },
      [2],
      "drüei",
    ]);
  });

  it("ends where a chunk does not fit", async () => {
    await expect(read('{"n":1}\n{"n', "ndjson", z.object({ n: z.int() }))).rejects.toMatchObject({
      code: "internal",
      origin: "upstream",
    });
  });
});
