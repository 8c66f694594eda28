import { Fault } from "#shared/errors";
import type { FunctionDefinition, HttpOutput, Ports } from "#shared/function";
import { bindFunction } from "#shared/host";
import { openStore } from "#shared/state";
import { memoryPorts, memoryToken, replayServer, socketPorts } from "#shared/testing";
import { eventSource, webhookEvents } from "#shared/webhook-events";
import { signWebhook, type WebhookScheme } from "#shared/webhooks";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { defineAction } from "./define-action.ts";
import { defineIntegration } from "./define-integration.ts";
import { integrationFunction } from "./integration-function.ts";
import { path } from "./path.ts";

const secret = "correct horse battery staple";
const verify: WebhookScheme = {
  kind: "hmac",
  algorithm: "sha256",
  encoding: "hex",
  header: "x-acme-signature",
  content: [{ part: "body" }],
};
const field = { label: "Field", required: false, secret: true } as const;
const acme = defineIntegration({
  id: "acme",
  title: "Acme",
  summary: "Acme",
  category: "work",
  docs: "https://docs.example.com",
  auth: {
    kind: "bearer",
    fields: { token: { ...field, required: true }, "webhook-secret": field },
  },
  http: { baseUrl: "https://api.example.com" },
  limits: [],
  health: "get-item",
  actions: {
    "get-item": defineAction({
      summary: "Get",
      docs: "https://docs.example.com",
      scopes: [],
      effect: "read",
      input: z.object({ id: z.string() }),
      output: z.object({ id: z.int() }),
      run: (api, { id }) =>
        api.request({
          method: "GET",
          path: path`/items/${id}`,
          response: z.object({ id: z.int() }),
        }),
    }),
  },
  webhooks: {
    docs: "https://docs.example.com",
    verify,
    secretField: "webhook-secret",
    handshakes: [
      {
        kind: "echo",
        when: { field: "type", equals: "hello" },
        from: { field: "challenge" },
        as: { field: "challenge" },
      },
    ],
    deliveryId: { header: "x-acme-delivery" },
    type: { field: "type" },
    events: { "item.created": z.object({ type: z.string(), id: z.int() }) },
  },
  catalog: { setup: [] },
});

const definition = integrationFunction(acme, {
  subscribers: [
    { function: "on-created", queue: "on-created", events: ["item.created"] },
    { function: "on-all", queue: "on-all", events: ["*"] },
  ],
});

const secretName = (connection: string, name: string): string =>
  `connections/default/acme/${connection}/${name}`;
const secrets = { [secretName("default", "webhook-secret")]: secret };
const created = { type: "item.created", id: 1 };

function http(
  ports: Ports,
  target: string,
  body: string,
  headers: Record<string, string>,
): Promise<HttpOutput> {
  return bindFunction(definition, ports, "test").http(
    { method: "POST", path: target, query: "", headers, body, clientIp: undefined },
    { id: "test-0001", remainingMs: () => 20_000 },
  );
}

function webhook(
  ports: Ports,
  payload: unknown,
  options: { key?: string; delivery?: string; connection?: string } = {},
): Promise<HttpOutput> {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  const bytes = new TextEncoder().encode(body);
  const proof = signWebhook(verify, { body: bytes, nowMs: 0 }, options.key ?? secret);
  return http(ports, `/v1/webhooks/acme/${options.connection ?? "default"}`, body, {
    "x-acme-delivery": options.delivery ?? "d-1",
    ...proof.headers,
  });
}

function events(ports: Ports, connection = "default") {
  const { signal } = new AbortController();
  const scope = { tenant: "default", traceparent: "", event: undefined, signal };
  return openStore(webhookEvents, ports, scope).list(eventSource("acme", connection));
}

const answerOf = (output: HttpOutput): unknown => [output.status, JSON.parse(String(output.body))];

describe("the function of an integration", () => {
  it("declares what it may touch", () => {
    const uses = Object.entries(definition.uses).map(([name, { kind, resource, verbs }]) => [
      name,
      `${kind} ${resource} ${verbs.join()}`,
    ]);
    expect(Object.fromEntries(uses)).toEqual({
      connections: "secret connections/*/acme/*/* read",
      connectionRecords: "state connections get,update",
      connectionTokens: "state connection-tokens get,create,put,update",
      dataKeys: "state data-keys get,create,put",
      masterKey: "secret master-key read",
      answers: "state idempotency create,put,delete",
      events: "state webhook-events create,put",
      "queue-on-created": "queue on-created send",
      "queue-on-all": "queue on-all send",
    });
  });

  it("has no webhook route without webhooks", () => {
    const { webhooks: _webhooks, ...silent } = acme;
    const { trigger }: FunctionDefinition = integrationFunction(silent, { subscribers: [] });
    expect(trigger).toMatchObject({
      routes: [{ path: "/v1/integrations/acme/actions/:action", auth: "bearer" }],
    });
  });
});

describe("webhooks", () => {
  it("go to those who subscribed to their type", async () => {
    const ports = memoryPorts({ secrets });
    await webhook(ports, created);
    await webhook(ports, { type: "item.gone" }, { delivery: "d-2" });
    expect(ports.queue.take("on-created")).toHaveLength(1);
    expect(ports.queue.take("on-all")).toHaveLength(2);
  });

  it("are answered 503 until they are queued, and a repeat finishes the work", async () => {
    const ports = memoryPorts({ secrets });
    let broken = true;
    const send: Ports["queue"]["send"] = (queue, messages, signal) =>
      broken && queue === "on-all"
        ? Promise.reject(new Fault("unavailable", "test: down", { origin: "platform" }))
        : ports.queue.send(queue, messages, signal);
    const failing: Ports = { ...ports, queue: { ...ports.queue, send } };
    expect((await webhook(failing, created)).status).toBe(503);
    expect((await events(ports)).items.map(({ value }) => value.queued)).toEqual([false]);
    broken = false;
    expect(answerOf(await webhook(failing, created))).toEqual([
      202,
      { id: "d-1", duplicate: true },
    ]);
    expect(ports.queue.take("on-all")).toHaveLength(1);
    expect(answerOf(await webhook(failing, created))).toEqual([
      202,
      { id: "d-1", duplicate: true },
    ]);
    expect(ports.queue.take("on-all")).toHaveLength(0);
  });

  it("are verified with the current and the previous secret of their own connection", async () => {
    const [current, previous] = [
      "the current secret, long enough",
      "the previous one, long enough",
    ];
    const ports = memoryPorts({
      secrets: {
        ...secrets,
        [secretName("team", "webhook-secret")]: current,
        [secretName("team", "webhook-secret-previous")]: previous,
      },
    });
    const to = (key: string): Promise<HttpOutput> =>
      webhook(ports, created, { key, connection: "team" });
    expect((await to(secret)).status).toBe(401);
    expect((await events(ports, "team")).items).toEqual([]);
    expect(answerOf(await to(current))).toEqual([202, { id: "d-1" }]);
    expect(answerOf(await to(previous))).toEqual([202, { id: "d-1", duplicate: true }]);
    expect((await events(ports)).items).toEqual([]);
  });

  it("shake hands only with those who can sign", async () => {
    const ports = memoryPorts({ secrets });
    const hello = { type: "hello", challenge: "abc" };
    expect(answerOf(await webhook(ports, hello))).toEqual([200, { challenge: "abc" }]);
    expect((await webhook(ports, hello, { key: "somebody else's secret" })).status).toBe(401);
    expect((await events(ports)).items).toEqual([]);
  });

  it.each([
    ["no JSON", "payload=%7B%7D", {}],
    ["a prototype", '{"type":"x","__proto__":{"a":1}}', {}],
    ["a name given twice", '{"type":"x","type":"y"}', {}],
    ["deep nesting", `{"type":"x","a":${"[".repeat(70)}${"]".repeat(70)}}`, {}],
    ["no type", { id: 1 }, {}],
    ["a type that is no text", { type: { a: 1 } }, {}],
    ["no delivery id", created, { delivery: "" }],
    ["a delivery id with blanks", created, { delivery: "a b" }],
    ["a long delivery id", created, { delivery: "x".repeat(201) }],
  ])("with %s are refused and not stored", async (_, payload, options) => {
    const ports = memoryPorts({ secrets });
    const output = await webhook(ports, payload, options);
    expect(answerOf(output)).toMatchObject([400, { code: "invalid_argument" }]);
    expect((await events(ports)).items).toEqual([]);
  });

  it("of an unforeseen shape are kept, and reported", async () => {
    const ports = memoryPorts({ secrets });
    const payload = { type: "item.created", id: "no number" };
    expect((await webhook(ports, payload)).status).toBe(202);
    expect((await events(ports)).items).toMatchObject([{ value: { payload } }]);
    expect(ports.telemetry.logs).toMatchObject([{ level: "warn", fields: { field: "id" } }]);
  });

  it("that are refused leave a line with the reason, and no payload", async () => {
    const ports = memoryPorts({ secrets });
    await webhook(ports, { type: "secret payload" }, { key: "somebody else's secret" });
    expect(ports.telemetry.logs).toMatchObject([
      { level: "warn", fields: { integration: "acme", reason: "wrong-signature" } },
    ]);
    expect(JSON.stringify(ports.telemetry.logs)).not.toContain("secret payload");
  });
});

describe("actions", () => {
  const headers = { authorization: `Bearer ${memoryToken}` };
  const target = "/v1/integrations/acme/actions/get-item";

  it("answer from the sandbox without credentials, and say so", async () => {
    const server = await replayServer([{ status: 200, json: { id: 7 } }]);
    const ports = socketPorts({ settings: { AUTERITY_SANDBOX_URL: server.url } });
    const output = await http(ports, target, '{"id":"7"}', headers);
    await server.close();
    expect(output).toMatchObject({
      status: 200,
      body: '{"id":7}',
      headers: { "x-auterity-sandbox": "true" },
    });
    expect(server.seen).toMatchObject([
      { path: "/acme/items/7", headers: { traceparent: expect.stringMatching(/^00-/) } },
    ]);
    expect(server.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  it("hand a vendor's failure on as the vendor's", async () => {
    const server = await replayServer([{ status: 401, json: {} }]);
    const settings = { AUTERITY_BASE_URL_ACME: server.url };
    const ports = socketPorts({ settings, secrets: { [secretName("default", "token")]: "t" } });
    const output = await http(ports, target, '{"id":"7"}', headers);
    await server.close();
    expect(answerOf(output)).toMatchObject([502, { code: "unauthenticated", origin: "upstream" }]);
  });

  it.each([
    ["an unknown action", "/v1/integrations/acme/actions/drop-item", "{}", {}, 404],
    ["an inherited name", "/v1/integrations/acme/actions/constructor", "{}", {}, 404],
    ["input that is no JSON", target, "{", {}, 400],
    ["input that does not fit", target, '{"id":1}', {}, 400],
    ["input with a prototype", target, '{"id":"1","__proto__":{}}', {}, 400],
    [
      "a connection with a strange name",
      target,
      '{"id":"1"}',
      { "x-auterity-connection": "../x" },
      404,
    ],
    ["a connection nobody made", target, '{"id":"1"}', { "x-auterity-connection": "team" }, 404],
    ["no credentials and no sandbox", target, '{"id":"1"}', {}, 412],
    ["a path parameter that climbs", target, '{"id":".."}', {}, 400],
  ])("refuse %s", async (_, at, body, more, status) => {
    const settings = status === 412 ? {} : { AUTERITY_BASE_URL_ACME: "http://127.0.0.1:9" };
    const output = await http(memoryPorts({ settings }), at, body, { ...headers, ...more });
    expect(output.status).toBe(status);
    expect(output.headers["content-type"]).toBe("application/problem+json");
  });
});
