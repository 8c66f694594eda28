import type { HttpOutput, Ports } from "#shared/function";
import { bindFunction } from "#shared/host";
import { openStore } from "#shared/state";
import { memoryPorts, type MemoryPorts, memoryToken } from "#shared/testing";
import { eventSource, type StoredEvent, webhookEvents } from "#shared/webhook-events";
import { signWebhook } from "#shared/webhooks";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { vendorKeys } from "../webhooks/conformance/vendor-keys.ts";
import { defineAction } from "./define-action.ts";
import { type Decide, defineIntegration, type VendorWebhooks } from "./define-integration.ts";
import { integrationFunction } from "./integration-function.ts";

const verify = {
  kind: "jwt",
  field: "data.jwt",
  keys: { jwks: "https://keys.example.com/jwks", algorithms: ["RS256"], who: ["email"] },
  issuers: ["https://accounts.example.com"],
  toleranceSeconds: 60,
} as const;
const nowMs = memoryPorts().clock.now();
const { signing, secret: who, documents } = vendorKeys(verify, nowMs);
const path = "/v1/webhooks/acme/default";
const signed = signWebhook(
  verify,
  {
    body: Buffer.from(JSON.stringify({ id: "1", type: "before", token: "of another", from: "KP" })),
    nowMs,
    url: `https://h.example${path}`,
  },
  signing,
);

function functionFor(more: Partial<VendorWebhooks>) {
  const acme = defineIntegration({
    id: "acme",
    title: "Acme",
    summary: "Acme",
    category: "work",
    docs: "https://docs.example.com",
    auth: {
      kind: "none",
      fields: { account: { label: "Account", required: false, secret: true } },
      config: {
        blocked: {
          label: "Blocked country",
          schema: z.string().regex(/^[A-Z]{2}$/),
          default: "XX",
          example: "KP",
        },
      },
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
        input: z.object({}),
        output: z.object({ readable: z.boolean(), ids: z.array(z.string()) }),
        run: async (api) => {
          const page = await api.received?.({ limit: 1 });
          return { readable: page !== undefined, ids: page?.items.map(({ id }) => id) ?? [] };
        },
      }),
    },
    webhooks: {
      docs: "https://docs.example.com",
      verify,
      secretField: "account",
      deliveryId: { field: "id" },
      type: { field: "type" },
      events: {},
      ...more,
    },
    catalog: { setup: [] },
  });
  return integrationFunction(acme, { subscribers: [], documents: { open: () => documents } });
}

function portsWith(config: Readonly<Record<string, string>> = {}, settings = {}): MemoryPorts {
  const secrets = Object.entries({ account: who, ...config }).map(
    ([name, value]) => [`connections/default/acme/default/${name}`, value] as const,
  );
  return memoryPorts({ secrets: Object.fromEntries(secrets), settings });
}

function ask(
  ports: MemoryPorts,
  more: Partial<VendorWebhooks> = {},
  body: string | Uint8Array = signed.body,
): Promise<HttpOutput> {
  const headers = { host: "h.example" };
  return bindFunction(functionFor(more), ports, "test").http(
    { method: "POST", path, query: "", headers, body, clientIp: undefined },
    { id: "test-0001", remainingMs: () => 20_000 },
  );
}

async function stored(ports: Ports): Promise<readonly StoredEvent[]> {
  const { signal } = new AbortController();
  const scope = { tenant: "default", traceparent: "", event: undefined, signal };
  const page = await openStore(webhookEvents, ports, scope).list(eventSource("acme", "default"));
  return page.items.map(({ value }) => value);
}

describe("a token in the body", () => {
  it("is the event, without what is not to be kept, and nothing beside it counts", async () => {
    const ports = portsWith();
    const envelope = z.object({ data: z.unknown() });
    const { data } = envelope.parse(JSON.parse(Buffer.from(signed.body).toString()));
    const beside = JSON.stringify({ data, id: "2", type: "forged", from: "DE" });
    expect((await ask(ports, { omit: ["token"] }, beside)).status).toBe(202);
    const [kept] = await stored(ports);
    expect(kept).toMatchObject({ delivery: "1", type: "before", payload: { from: "KP" } });
    expect(kept).not.toHaveProperty("payload.token");
    expect(kept).not.toHaveProperty("decision");
  });

  it.each(["{", "{}", "[]", '{"data":{"jwt":1}}', '{"data":{"jwt":"a.b.c"}}'])(
    "is refused where there is none: %s",
    async (body) => {
      const ports = portsWith();
      expect((await ask(ports, {}, body)).status).toBe(401);
      expect(await stored(ports)).toEqual([]);
    },
  );
});

const decide: Decide = ({ payload, type }, setting) => {
  const blocked = z.object({ from: z.string() }).parse(payload).from === setting("blocked");
  return { status: blocked ? 403 : 200, body: { type }, because: { blocked } };
};

const decideByOther: Decide = (__, setting) => ({
  status: 200,
  body: {},
  because: { other: setting("other") },
});

describe("a vendor that waits for a decision", () => {
  it.each([
    [{}, 200, false],
    [{ blocked: "KP" }, 403, true],
  ])("hears it each time, and it is kept: %j", async (config, status, blocked) => {
    const ports = portsWith(config);
    for (const output of [await ask(ports, { decide }), await ask(ports, { decide })]) {
      expect([output.status, output.body]).toEqual([status, '{"type":"before"}']);
    }
    expect(await stored(ports)).toMatchObject([{ decision: { blocked } }]);
  });

  it("hears none where a setting does not fit", async () => {
    const ports = portsWith({ blocked: "Korea" });
    expect((await ask(ports, { decide })).status).toBeGreaterThanOrEqual(400);
    expect(await stored(ports)).toEqual([]);
  });

  it("hears none of a setting that there is not", async () => {
    expect((await ask(portsWith(), { decide: decideByOther })).status).toBe(500);
  });
});

async function read(ports: MemoryPorts, more: Partial<VendorWebhooks>): Promise<unknown> {
  const output = await bindFunction(functionFor(more), ports, "test").http(
    {
      method: "POST",
      path: "/v1/integrations/acme/actions/get-item",
      query: "",
      headers: { authorization: `Bearer ${memoryToken}` },
      body: "{}",
      clientIp: undefined,
    },
    { id: "test-0002", remainingMs: () => 20_000 },
  );
  return JSON.parse(String(output.body));
}

describe("what came by webhooks", () => {
  const dayMs = 86_400_000;
  const settings = { AUTERITY_BASE_URL_ACME: "http://localhost:1" };

  it("is read by actions where it is a log, for as long as that is kept", async () => {
    const log = { keepDays: 30 };
    expect(functionFor({ log }).uses["events"]?.verbs).toEqual(["create", "put", "list"]);
    const ports = portsWith({}, settings);
    await ask(ports, { log });
    ports.clock.advance(29 * dayMs);
    expect(await read(ports, { log })).toEqual({ readable: true, ids: ["1"] });
    ports.clock.advance(2 * dayMs);
    expect(await read(ports, { log })).toEqual({ readable: true, ids: [] });
  });

  it("is nobody's to read otherwise, and goes after a week", async () => {
    expect(functionFor({}).uses["events"]?.verbs).toEqual(["create", "put"]);
    const ports = portsWith({}, settings);
    await ask(ports);
    expect(await read(ports, {})).toEqual({ readable: false, ids: [] });
    ports.clock.advance(6 * dayMs);
    expect(await stored(ports)).toHaveLength(1);
    ports.clock.advance(2 * dayMs);
    expect(await stored(ports)).toHaveLength(0);
  });
});
