import { readdirSync, readFileSync } from "node:fs";
import { secretFields } from "#shared/auth";
import type { HttpOutput, Ports } from "#shared/function";
import { bindFunction } from "#shared/host";
import {
  type EventSample,
  EventSamples,
  type Integration,
  integrationFunction,
  type VendorWebhooks,
} from "#shared/integration";
import { eventSource, webhookEvents } from "#shared/webhook-events";
import { signWebhook, type WebhookRequest } from "#shared/webhooks";
import { openStore } from "#shared/state";
import { seededRandom, socketPorts } from "#shared/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { tamper } from "../../shared/webhooks/conformance/tamper.ts";
import { vendorKeys } from "../../shared/webhooks/conformance/vendor-keys.ts";

const root = new URL("./", import.meta.url);
const nowMs = socketPorts().clock.now();
const encoder = new TextEncoder();

type WithWebhooks = Integration & { readonly webhooks: VendorWebhooks };

const integrations: WithWebhooks[] = [];
for (const entry of readdirSync(root, { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const file = new URL(`${entry.name}/index.ts`, root).href;
  const module: { default: Integration } = await import(file);
  const { webhooks } = module.default;
  if (webhooks !== undefined) integrations.push({ ...module.default, webhooks });
}

/** The vendor's side: its keys, and requests as it would send them. */
function vendorOf(integration: WithWebhooks) {
  const { id, webhooks, auth } = integration;
  const keys = vendorKeys(webhooks.verify, nowMs);
  const path = `/v1/webhooks/${id}/default`;
  const folder = readdirSync(root).find((name) => name.replace(/^_/, "") === id) ?? id;
  const file = new URL(`${folder}/fixtures/events.json`, root);
  const definition = integrationFunction(integration, {
    subscribers: [{ function: "subscriber", queue: "subscriber", events: ["*"] }],
    documents: { open: () => keys.documents },
  });
  const secrets = Object.keys(secretFields(auth)).map((field) => [
    `connections/default/${id}/default/${field}`,
    field === webhooks.secretField ? keys.secret : "canary-credential-3f1c9a77",
  ]);
  return {
    samples: EventSamples.parse(JSON.parse(readFileSync(file, "utf8"))),
    secrets: z.record(z.string(), z.string()).parse(Object.fromEntries(secrets)),
    keys,
    sign(sample: EventSample): WebhookRequest {
      const body = encoder.encode(bodyOf(webhooks, sample));
      const headers = { ...(sample.form ? formHeaders : {}), ...sample.headers };
      const unsigned = { body, headers, nowMs, url: `https://localhost${path}` };
      const webhookId = sample.headers["webhook-id"] ?? "msg_1";
      return signWebhook(webhooks.verify, { ...unsigned, id: webhookId }, keys.signing);
    },
    send(ports: Ports, { method, url, headers, body }: WebhookRequest): Promise<HttpOutput> {
      const { pathname, search } = new URL(url);
      return bindFunction(definition, ports, "test").http(
        { method, path: pathname, query: search.slice(1), headers, body, clientIp: undefined },
        { id: "contract-1", remainingMs: () => 20_000 },
      );
    },
    async stored(ports: Ports) {
      const { signal } = new AbortController();
      const scope = { tenant: "default", traceparent: "", event: undefined, signal };
      const page = await openStore(webhookEvents, ports, scope).list(eventSource(id, "default"));
      return page.items.map(({ value }) => value);
    },
  };
}

const formHeaders = { "content-type": "application/x-www-form-urlencoded" };

/** The sample on the wire: JSON, one of a list, or a form. */
function bodyOf(
  { batch, form, nested }: VendorWebhooks,
  { payload, form: sent }: EventSample,
): string {
  if (sent === "json") {
    return new URLSearchParams({ [form?.json ?? ""]: JSON.stringify(payload) }).toString();
  }
  if (sent === "fields") {
    return new URLSearchParams(z.record(z.string(), z.string()).parse(payload)).toString();
  }
  const one = withText(nested, payload);
  const item = batch === undefined ? one : [one];
  return JSON.stringify(batch === undefined || batch === "body" ? item : { [batch.field]: item });
}

/** JSON goes as text where the vendor sends it so. */
function withText(nested: VendorWebhooks["nested"] = [], payload: unknown): unknown {
  const event = z.record(z.string(), z.unknown()).safeParse(payload).data ?? {};
  const texts = nested.flatMap((name) => {
    const value = event[name];
    return typeof value === "object" ? [[name, JSON.stringify(value)] as const] : [];
  });
  return texts.length === 0 ? payload : { ...event, ...Object.fromEntries(texts) };
}

const json = ({ body }: HttpOutput): unknown => (body === "" ? "" : JSON.parse(String(body)));

/** Every integration with webhooks is held to this file. */
describe.each(integrations)("webhooks of $id", (integration) => {
  const { id, webhooks } = integration;
  const { verify, events, ack } = webhooks;
  const vendor = vendorOf(integration);
  const { samples } = vendor;

  it("have a sample of every declared event, which fits its schema", () => {
    expect([...new Set(samples.map(({ type }) => type))].toSorted()).toEqual(
      Object.keys(events).toSorted(),
    );
    for (const { type, payload } of samples) {
      expect([type, events[type]?.safeParse(payload).error]).toEqual([type, undefined]);
    }
  });

  it.each(samples)("accept $type once, store it and queue it", async (sample) => {
    const ports = socketPorts({ secrets: vendor.secrets });
    const signed = vendor.sign(sample);
    const first = await vendor.send(ports, signed);
    const { status, body = "" } = sample.answer ??
      ack ?? { status: 202, body: { id: sample.delivery } };
    expect([first.status, json(first)]).toEqual([status, body]);
    const second = await vendor.send(ports, signed);
    const asBefore = sample.answer !== undefined || ack !== undefined;
    const again = asBefore ? body : { id: sample.delivery, duplicate: true };
    expect([second.status, json(second)]).toEqual([status, again]);
    const { delivery, type, payload } = sample;
    expect(await vendor.stored(ports)).toMatchObject([{ delivery, type, payload, queued: true }]);
    const messages = ports.queue.take("subscriber").map((text) => JSON.parse(text) as unknown);
    expect(messages).toEqual([
      expect.objectContaining({
        tenant: "default",
        event: delivery,
        body: { integration: id, connection: "default", event: delivery },
      }),
    ]);
    expect(ports.telemetry.logs).toEqual([]);
  });

  it("refuse what was tampered with, and store nothing of it", async () => {
    const ports = socketPorts({ secrets: vendor.secrets });
    const { keys } = vendor;
    const trust = { secrets: [keys.secret], nowMs, documents: keys.documents };
    const isEnvelope = verify.kind === "jwt" && "field" in verify;
    const coversBody = isEnvelope || !/^(?:static-|url-|none|jwt)/.test(verify.kind);
    const given = samples.map((sample) => ({
      vendor: { name: id, scheme: verify, coversBody },
      request: vendor.sign(sample),
      trust,
    }));
    const random = seededRandom(20_261_121);
    let refused = 0;
    for (let number = 0; number < 300; number++) {
      const [one, other] = [given[number % given.length], given[(number + 1) % given.length]];
      if (one === undefined || other === undefined) throw new Error("no sample");
      const { request, trust: changed } = tamper(one, other, random);
      // Other secrets and other times are not the sender's to choose.
      if (changed !== trust || request === one.request) continue;
      const output = await vendor.send(ports, request);
      expect([request.headers, output.status]).toEqual([request.headers, 401]);
      refused += 1;
    }
    expect(refused).toBeGreaterThan(50);
    expect(await vendor.stored(ports)).toEqual([]);
    expect(ports.queue.take("subscriber")).toEqual([]);
  });

  it("are closed without a secret, and unknown connections are unknown", async () => {
    const ports = socketPorts();
    const [sample] = samples;
    if (sample === undefined) throw new Error("no sample");
    const signed = vendor.sign(sample);
    expect((await vendor.send(ports, signed)).status).toBe(401);
    for (const connection of ["other", "a%2Fb", "DEFAULT", "x".repeat(65)]) {
      const url = signed.url.replace("/default", `/${connection}`);
      expect((await vendor.send(ports, { ...signed, url })).status).toBe(404);
    }
  });
});
