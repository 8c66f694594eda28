import type { HttpOutput } from "#shared/function";
import { bindFunction } from "#shared/host";
import { memoryToken, type Replayed, replayServer, socketPorts } from "#shared/testing";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { type Action, defineAction, defineStream } from "./define-action.ts";
import { defineIntegration } from "./define-integration.ts";
import { integrationFunction } from "./integration-function.ts";
import { path } from "./path.ts";

const described = {
  summary: "Test",
  docs: "https://docs.example.com",
  scopes: [],
  input: z.object({}),
} as const;
const none = { kind: "none", why: "the vendor takes no key" } as const;
const Item = z.object({ id: z.int() });

const actions: Record<string, Action> = {
  "get-item": defineAction({
    ...described,
    effect: "read",
    output: Item,
    run: (api) =>
      api.request({
        method: "GET",
        path: path`/item`,
        response: Item,
      }),
  }),
  "create-pair": defineAction({
    ...described,
    effect: "write",
    idempotency: none,
    output: Item,
    async run(api) {
      const create = {
        method: "POST",
        path: path`/items`,
        json: {},
        response: Item,
      } as const;
      await api.request(create);
      return api.request(create);
    },
  }),
  "tell-story": defineStream({
    ...described,
    effect: "read",
    chunk: z.string(),
    output: z.object({ words: z.int() }),
    async *stream(api) {
      const chunk = z.object({ data: z.object({ word: z.string() }) });
      const call = {
        method: "POST",
        path: path`/story`,
        json: {},
        format: "sse",
        chunk,
      } as const;
      let words = 0;
      for await (const { data } of api.stream(call)) {
        words++;
        yield data.word;
      }
      return { words };
    },
  }),
};

const definition = integrationFunction(
  defineIntegration({
    id: "acme",
    title: "Acme",
    summary: "Acme",
    category: "work",
    limits: [],
    actions,
    docs: "https://docs.example.com",
    auth: {
      kind: "none",
      fields: {},
    },
    http: { baseUrl: "https://api.example.com" },
    health: "get-item",
    catalog: { setup: [] },
  }),
  { subscribers: [] },
);

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) await server.close();
});

async function open(answers: readonly Replayed[]) {
  const server = await replayServer(answers);
  closing.push(server);
  const ports = socketPorts({ settings: { AUTERITY_BASE_URL_ACME: server.url } });
  const call = (action: string, headers: Record<string, string> = {}): Promise<HttpOutput> =>
    bindFunction(definition, ports, "test").http(
      {
        method: "POST",
        path: `/v1/integrations/acme/actions/${action}`,
        query: "",
        headers: {
          authorization: `Bearer ${memoryToken}`,
          ...headers,
        },
        body: "{}",
        clientIp: undefined,
      },
      { id: "serve-1", remainingMs: () => 20_000 },
    );
  return { call, seen: server.seen };
}

const key = { "idempotency-key": "k-1" };
const events = { accept: "text/event-stream" };
const json = ({ body }: HttpOutput): unknown => JSON.parse(String(body));
const words = (...all: readonly string[]): Replayed => ({
  events: all.map((word) => ({ data: { word } })),
});

describe("an action of several writes", () => {
  it("whose second one is refused has half of its effect, and is not done again", async () => {
    const { call, seen } = await open([{ json: { id: 1 } }, { status: 400 }]);
    const output = await call("create-pair", key);
    expect(json(output)).toMatchObject({
      code: "invalid_argument",
      details: { status: 400, outcome: "unknown" },
    });
    expect(json(await call("create-pair", key))).toMatchObject({ code: "aborted" });
    expect(seen).toHaveLength(2);
  });

  it("whose first one is refused may be called again with its key", async () => {
    const { call, seen } = await open([{ status: 400 }, { json: { id: 1 } }, { json: { id: 2 } }]);
    expect(json(await call("create-pair", key))).not.toMatchObject({
      details: { outcome: "unknown" },
    });
    expect(json(await call("create-pair", key))).toEqual({ id: 2 });
    expect(seen).toHaveLength(3);
  });
});

describe("a streamed action", () => {
  it("gives who accepts events its chunks and its output, and others the output", async () => {
    const { call } = await open([words("once", "upon"), words("a", "time", "or\n\ntwo")]);
    expect(json(await call("tell-story"))).toEqual({ words: 2 });
    const output = await call("tell-story", events);
    expect(output.headers["content-type"]).toBe("text/event-stream");
    expect(output.body).toBe(
      'event: chunk\ndata: "a"\n\nevent: chunk\ndata: "time"\n\nevent: chunk\ndata: "or\\n\\ntwo"\n\nevent: output\ndata: {"words":3}\n\n',
    );
  });

  it("that breaks off says so after the chunks it had, and is a problem without any", async () => {
    const broken = { events: [{ data: { word: "once" } }, { data: "no word" }] };
    const { call } = await open([broken, { status: 404, json: {} }]);
    const output = await call("tell-story", events);
    const [chunk, fault, rest] = String(output.body).split("\n\n");
    expect([output.status, chunk, rest]).toEqual([200, 'event: chunk\ndata: "once"', ""]);
    expect(fault).toMatch(/^event: fault\ndata: .*"code":"internal","origin":"upstream"/);
    const refused = await call("tell-story", events);
    expect([refused.status, json(refused)]).toMatchObject([502, { code: "not_found" }]);
  });

  it("ends where a cloud could not pass it on", async () => {
    const long = "x".repeat(1_000_000);
    const { call } = await open([words(long, long, long, long, long)]);
    const { body } = await call("tell-story", events);
    expect(String(body).split("event: chunk")).toHaveLength(5);
    expect(body).toContain('"code":"too_large"');
  });

  it("is repeated if it may be before it has begun, and not after it", async () => {
    const { call, seen } = await open([{ status: 503 }, words("once")]);
    expect(json(await call("tell-story"))).toEqual({ words: 1 });
    expect(seen).toHaveLength(2);
  });

  it("is of no use to an action that has no chunks", async () => {
    const { call } = await open([{ json: { id: 1 } }]);
    const output = await call("get-item", events);
    expect([output.headers["content-type"], json(output)]).toEqual(["application/json", { id: 1 }]);
  });
});
