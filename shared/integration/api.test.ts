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

const response = z.object({ id: z.int() });
const create = { method: "POST", path: path`/items`, json: { title: "a" }, response } as const;

describe("a request of an action", () => {
  it("joins base, path and query, and leaves out what is undefined", async () => {
    const { api, sent } = open();
    const query = { q: "a b&c", page: 2, all: true, none: undefined };
    expect(await api.request({ method: "GET", path: path`/items`, query, response })).toEqual({
      id: 1,
    });
    expect(sent[0]).toMatchObject({
      url: "https://api.example.com/v2/items?q=a+b%26c&page=2&all=true",
      repeatable: true,
      text: "",
    });
    expect(sent[0]?.headers).toMatchObject({
      authorization: "Bearer x",
      accept: "application/json",
    });
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
});
