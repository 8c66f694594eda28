import { readFileSync } from "node:fs";
import { bindFunction } from "#shared/host";
import { EventSamples, integrationFunction } from "#shared/integration";
import { openStore } from "#shared/state";
import { memoryPorts, memoryToken } from "#shared/testing";
import { eventSource, webhookEvents } from "#shared/webhook-events";
import { signWebhook } from "#shared/webhooks";
import { describe, expect, it } from "vitest";
import { vendorKeys } from "../../../shared/webhooks/conformance/vendor-keys.ts";
import * as z from "zod";
import integration from "./index.ts";

const { webhooks } = integration;
if (webhooks === undefined) throw new Error("no webhooks");
const { verify } = webhooks;
const nowMs = memoryPorts().clock.now();
const { signing, documents } = vendorKeys(verify, nowMs);
const issuer = "https://securetoken.google.com/my-project";
const path = "/v1/webhooks/firebase-auth/default";
const url = `https://auth.example.com${path}`;
const file = new URL("./fixtures/events.json", import.meta.url);
const samples = EventSamples.parse(JSON.parse(readFileSync(file, "utf8")));

/** What Google hears of an attempt, and what is kept of it. */
async function attempt(
  settings: Readonly<Record<string, string>>,
  more: object = {},
  { from = issuer, audience = url } = {},
) {
  const at = "connections/default/firebase-auth/default";
  const own = { "token-issuer": issuer, "service-account": "{}", project: "my-project" };
  const named = Object.entries({ ...own, ...settings });
  const ports = memoryPorts({
    secrets: Object.fromEntries(named.map(([name, value]) => [`${at}/${name}`, value])),
    settings: { AUTERITY_PUBLIC_URL: "https://auth.example.com" },
  });
  const payload = { ...z.looseObject({}).parse(samples[1]?.payload), ...more };
  const body = Buffer.from(JSON.stringify(payload));
  const signed = signWebhook(verify, { body, nowMs, url: audience }, { ...signing, who: from });
  const definition = integrationFunction(integration, {
    subscribers: [],
    documents: { open: () => documents },
  });
  const output = await bindFunction(definition, ports, "test").http(
    { method: "POST", path, query: "", headers: {}, body: signed.body, clientIp: undefined },
    { id: "blocking-0001", remainingMs: () => 7_000 },
  );
  const { signal } = new AbortController();
  const scope = { tenant: "default", traceparent: "", event: undefined, signal };
  const rows = openStore(webhookEvents, ports, scope);
  const { items } = await rows.list(eventSource("firebase-auth", "default"));
  const logged = await bindFunction(definition, ports, "test").http(
    {
      method: "POST",
      path: "/v1/integrations/firebase-auth/actions/list-attempts",
      query: "",
      headers: { authorization: `Bearer ${memoryToken}` },
      body: "{}",
      clientIp: undefined,
    },
    { id: "blocking-0002", remainingMs: () => 7_000 },
  );
  return {
    status: output.status,
    body: JSON.parse(String(output.body)) as unknown,
    kept: items.map(({ value }) => value),
    log: JSON.parse(String(logged.body)) as unknown,
  };
}

const policy = {
  "sign-in-policy": "block KP; unknown deny",
  "country-ranges": "192.0.2.0/24=DE 198.51.100.0/24=KP",
};

describe("a sign-in", () => {
  it.each([
    [policy, "192.0.2.1", 200, { allowed: true, country: "DE", reason: "not-listed" }],
    [policy, "198.51.100.1", 403, { allowed: false, country: "KP", reason: "listed" }],
    [policy, "203.0.113.1", 403, { allowed: false, country: null, reason: "unknown-country" }],
    [policy, undefined, 403, { allowed: false, country: null, reason: "unknown-country" }],
    [{}, "198.51.100.1", 200, { allowed: true, country: null, reason: "no-policy" }],
  ])("with %j from %s: %i", async (settings, ip, status, decision) => {
    const { body, kept, ...heard } = await attempt(settings, { ip_address: ip });
    expect(heard.status).toBe(status);
    expect(body).toEqual(
      status === 200
        ? {}
        : { error: { status: "PERMISSION_DENIED", message: "sign-in is not allowed from here" } },
    );
    expect(kept).toMatchObject([
      { type: "beforeSignIn", decision, payload: { user_record: { email: "ada@example.com" } } },
    ]);
  });

  it("is in the log, whoever was let in", async () => {
    const { log } = await attempt(policy, { ip_address: "198.51.100.1" });
    expect(log).toEqual({
      items: [
        {
          id: samples[1]?.delivery,
          type: "beforeSignIn",
          at: new Date(nowMs).toISOString(),
          uid: "Yx7bH2kQz1fRr3uWqKpS0aVtE9m2",
          email: "ada@example.com",
          method: "google.com",
          ipAddress: "198.51.100.1",
          userAgent: "Mozilla/5.0",
          allowed: false,
          country: "KP",
          reason: "listed",
        },
      ],
      next: null,
    });
    const surprising = await attempt({}, { ip_address: 7, user_record: "ada" });
    expect(surprising.log).toMatchObject({ items: [{ allowed: true, uid: null, email: null }] });
  });

  it("is kept without the user's tokens of its provider", async () => {
    const { kept } = await attempt({}, { oauth_access_token: "secret", oauth_id_token: "secret" });
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain("secret");
  });

  it("is no sign-in where the policy cannot be read", async () => {
    const { status, kept } = await attempt({ "sign-in-policy": "block KP" });
    expect([status >= 400, kept]).toEqual([true, []]);
  });
});

describe("a token of the same keys", () => {
  it("of a user, which has the project as audience, is no event", async () => {
    const { status, kept } = await attempt({}, {}, { audience: "my-project" });
    expect([status, kept]).toEqual([401, []]);
  });

  it("for another function is no event of ours", async () => {
    const { status } = await attempt({}, {}, { audience: url.replace("default", "other") });
    expect(status).toBe(401);
  });

  it("of another project is none, though that may name our address", async () => {
    const from = "https://securetoken.google.com/other-project";
    expect(await attempt({}, {}, { from })).toMatchObject({ status: 401, kept: [] });
  });
});
