import type { HttpInput, HttpOutput, Ports } from "#shared/function";
import { bindFunction } from "#shared/host";
import { openStore } from "#shared/state";
import { memoryPorts, type MemoryPorts } from "#shared/testing";
import { eventSource, webhookEvents } from "#shared/webhook-events";
import { signWebhook, type WebhookScheme } from "#shared/webhooks";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { vendorKeys } from "../webhooks/conformance/vendor-keys.ts";
import { defineAction } from "./define-action.ts";
import { defineIntegration, type VendorWebhooks } from "./define-integration.ts";
import { integrationFunction } from "./integration-function.ts";
import { path } from "./path.ts";

const secret = "correct horse battery staple";
const field = { label: "Field", required: false, secret: true } as const;
const signature: WebhookScheme = {
  kind: "hmac",
  algorithm: "sha256",
  encoding: "hex",
  header: "x-signature",
  content: [{ part: "method" }, { part: "url" }, { part: "body" }],
};
const plain: VendorWebhooks = {
  docs: "https://docs.example.com",
  verify: signature,
  secretField: "webhook-secret",
  deliveryId: { field: "id" },
  type: { field: "type" },
  events: {},
};

function functionFor(
  webhooks: VendorWebhooks,
  documents?: Parameters<typeof integrationFunction>[1]["documents"],
) {
  const acme = defineIntegration({
    id: "acme",
    title: "Acme",
    summary: "Acme",
    category: "work",
    docs: "https://docs.example.com",
    auth: { kind: "none", fields: { "webhook-secret": field, "verify-token": field } },
    http: { baseUrl: "https://api.example.com" },
    limits: [],
    health: "get-item",
    actions: {
      "get-item": defineAction({
        summary: "Get",
        docs: "https://docs.example.com",
        scopes: [],
        effect: "read",
        input: z.object({}),
        output: z.object({}),
        run: (api) => api.request({ method: "GET", path: path`/items`, response: z.object({}) }),
      }),
    },
    webhooks,
    catalog: { setup: [] },
  });
  const subscribers = [{ function: "all", queue: "all", events: ["*"] }];
  return integrationFunction(acme, {
    subscribers,
    ...(documents === undefined ? {} : { documents }),
  });
}

function portsWith(known = secret, settings = {}): MemoryPorts {
  const at = "connections/default/acme/default";
  return memoryPorts({
    secrets: { [`${at}/webhook-secret`]: known, [`${at}/verify-token`]: "agreed" },
    settings,
  });
}

const URL_PATH = "/v1/webhooks/acme/default";
const encoder = new TextEncoder();

type Sent = {
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly query?: string;
  readonly method?: string;
  /** The address as the vendor knows it. */
  readonly base?: string;
};

function send(ports: Ports, webhooks: VendorWebhooks, given: Sent): Promise<HttpOutput> {
  const {
    body = "",
    headers = {},
    query = "",
    method = "POST",
    base = "https://h.example",
  } = given;
  const url = base + URL_PATH + (query === "" ? "" : `?${query}`);
  const nowMs = ports.clock.now();
  const bytes = encoder.encode(body);
  const proof = signWebhook(webhooks.verify, { body: bytes, nowMs, method, url, headers }, secret);
  const input: HttpInput = {
    method,
    path: URL_PATH,
    query,
    headers: { host: "h.example", ...proof.headers },
    body,
    clientIp: undefined,
  };
  return bindFunction(functionFor(webhooks), ports, "test").http(input, {
    id: "test-0001",
    remainingMs: () => 20_000,
  });
}

async function deliveries(ports: Ports): Promise<unknown[]> {
  const { signal } = new AbortController();
  const scope = { tenant: "default", traceparent: "", event: undefined, signal };
  const page = await openStore(webhookEvents, ports, scope).list(eventSource("acme", "default"));
  return page.items.map(({ value: { delivery, type, payload } }) => [delivery, type, payload]);
}

const answerOf = ({ status, body }: HttpOutput): unknown => [
  status,
  body === "" ? "" : JSON.parse(String(body)),
];

describe("the address a vendor signs", () => {
  const body = '{"id":"1","type":"x"}';

  it("is the host's, with path and query as they came", async () => {
    const sent = await send(portsWith(), plain, { body, query: "a=%2F&b=it's" });
    expect(answerOf(sent)).toEqual([202, { id: "1" }]);
    const elsewhere = await send(portsWith(), plain, { body, base: "https://other.example" });
    expect(elsewhere.status).toBe(401);
  });

  it("is the operator's where it is set, whatever the host header says", async () => {
    const settings = { AUTERITY_PUBLIC_URL: "https://out.example/prefix/" };
    const base = "https://out.example/prefix";
    expect((await send(portsWith(secret, settings), plain, { body, base })).status).toBe(202);
    expect((await send(portsWith(secret, settings), plain, { body })).status).toBe(401);
  });
});

describe("forms", () => {
  const webhooks: VendorWebhooks = {
    ...plain,
    form: { json: "payload" },
    deliveryId: [{ field: "id" }, { digest: "sha256" }],
    type: [{ field: "type" }, { always: "command", when: { field: "command" } }],
    ack: { status: 200 },
  };
  const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };

  it("become objects, or the JSON in them, and get the vendor's kind of answer", async () => {
    const ports = portsWith();
    const fields = await send(ports, webhooks, {
      headers,
      body: "command=%2Fdeploy&text=a+b&id=c1",
    });
    const json = await send(ports, webhooks, {
      headers,
      body: `payload=${encodeURIComponent('{"type":"pressed","id":"p1"}')}`,
    });
    expect([answerOf(fields), answerOf(json)]).toEqual([
      [200, ""],
      [200, ""],
    ]);
    expect(await deliveries(ports)).toEqual([
      ["c1", "command", { command: "/deploy", text: "a b", id: "c1" }],
      ["p1", "pressed", { type: "pressed", id: "p1" }],
    ]);
  });

  it("without an id are known by their bytes", async () => {
    const ports = portsWith();
    await send(ports, webhooks, { headers, body: "command=a" });
    await send(ports, webhooks, { headers, body: "command=a" });
    await send(ports, webhooks, { headers, body: "command=b" });
    expect(ports.queue.take("all")).toHaveLength(2);
  });

  it.each([
    ["a field twice", "command=a&command=b"],
    ["a prototype", "__proto__=a&command=b"],
    ["broken JSON", "payload=%7B"],
    ["no type", "text=a"],
  ])("with %s are refused", async (_, body) => {
    const ports = portsWith();
    expect((await send(ports, webhooks, { headers, body })).status).toBe(400);
    expect(await deliveries(ports)).toEqual([]);
  });

  it("are no bodies of vendors that send none", async () => {
    const sent = await send(portsWith(), plain, { headers, body: "id=1&type=x" });
    expect(sent.status).toBe(400);
  });
});

describe("batches", () => {
  it.each<[VendorWebhooks["batch"] & {}, (items: unknown[]) => unknown]>([
    ["body", (items) => items],
    [{ field: "value" }, (value) => ({ value })],
  ])("in %j are stored and queued event by event", async (batch, wrap) => {
    const webhooks = { ...plain, batch };
    const ports = portsWith();
    const items = ["1", "2", "3"].map((id) => ({ id, type: "x" }));
    const body = JSON.stringify(wrap(items));
    expect(answerOf(await send(ports, webhooks, { body }))).toEqual([202, { events: 3 }]);
    expect(ports.queue.take("all")).toHaveLength(3);
    const more = JSON.stringify(wrap([...items, { id: "4", type: "x" }]));
    expect(answerOf(await send(ports, webhooks, { body: more }))).toEqual([202, { events: 4 }]);
    expect(ports.queue.take("all")).toHaveLength(1);
    expect((await send(ports, webhooks, { body: '{"id":"1"}' })).status).toBe(400);
  });
});

describe("handshakes", () => {
  const webhooks: VendorWebhooks = {
    ...plain,
    handshakes: [
      {
        kind: "get-challenge",
        from: { query: "challenge" },
        as: "text",
        token: { at: { query: "token" }, credential: "verify-token" },
      },
      { kind: "options", origins: ["eventgrid.azure.net"], perMinute: 60 },
      { kind: "echo-header", header: "x-hook-secret" },
      { kind: "ping", when: { field: "type", equals: "ping" }, status: 204 },
    ],
  };

  it("add the routes they need, and no others", () => {
    expect(functionFor(webhooks).trigger).toMatchObject({
      routes: [{ auth: "bearer" }, { method: "POST" }, { method: "GET" }, { method: "OPTIONS" }],
    });
    expect(functionFor(plain).trigger).toMatchObject({
      routes: [{ auth: "bearer" }, { method: "POST", auth: "public" }],
    });
  });

  it("are answered before the verification where nobody signs them", async () => {
    const ports = portsWith("another secret, so that no signature holds");
    const get = await send(ports, webhooks, { method: "GET", query: "challenge=42&token=agreed" });
    expect([get.status, get.body, get.headers["content-type"]]).toEqual([200, "42", "text/plain"]);
    const origin = { "webhook-request-origin": "eventgrid.azure.net" };
    const options = await send(ports, webhooks, { method: "OPTIONS", headers: origin });
    expect(options).toMatchObject({ status: 200, headers: { "webhook-allowed-rate": "60" } });
    const echoed = await send(ports, webhooks, { headers: { "x-hook-secret": "b5" } });
    expect(echoed).toMatchObject({ status: 200, headers: { "x-hook-secret": "b5" } });
  });

  it("open nothing to those who cannot make them", async () => {
    const ports = portsWith("another secret, so that no signature holds");
    for (const given of [
      { method: "GET", query: "challenge=42&token=wrong" },
      { method: "GET" },
      { method: "OPTIONS", headers: { "webhook-request-origin": "evil.example" } },
      { body: '{"type":"ping"}' },
      { body: "{" },
    ]) {
      expect([given, (await send(ports, webhooks, given)).status]).toEqual([given, 401]);
    }
    expect(await deliveries(ports)).toEqual([]);
  });

  it("are verified where the vendor signs them", async () => {
    expect((await send(portsWith(), webhooks, { body: '{"type":"ping"}' })).status).toBe(204);
  });
});

describe("tokens of a published key", () => {
  const verify: WebhookScheme = {
    kind: "jwt",
    header: "authorization",
    prefix: "Bearer ",
    keys: { jwks: "https://keys.example.com/jwks", algorithms: ["RS256"], who: ["email"] },
    issuers: ["https://accounts.google.com"],
    toleranceSeconds: 60,
  };

  it("are accepted with keys from the vendor, and retried while there are none", async () => {
    const ports = memoryPorts();
    const nowMs = ports.clock.now();
    const { signing, secret: who, documents } = vendorKeys(verify, nowMs);
    const known = portsWith(who);
    const body = '{"id":"1","type":"x"}';
    const webhook = { body: encoder.encode(body), nowMs, url: `https://h.example${URL_PATH}` };
    const { headers } = signWebhook(verify, webhook, signing);
    const ask = (from: typeof documents): Promise<HttpOutput> =>
      bindFunction(functionFor({ ...plain, verify }, { open: () => from }), known, "test").http(
        {
          method: "POST",
          path: URL_PATH,
          query: "",
          headers: { host: "h.example", ...headers },
          body,
          clientIp: undefined,
        },
        { id: "test-0001", remainingMs: () => 20_000 },
      );
    const unreachable = { ...documents, kept: () => Promise.reject(new Error("down")) };
    expect((await ask(unreachable)).status).toBeGreaterThanOrEqual(500);
    expect(await deliveries(known)).toEqual([]);
    expect((await ask(documents)).status).toBe(202);
  });
});
