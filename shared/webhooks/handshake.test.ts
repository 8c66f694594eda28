import { describe, expect, it } from "vitest";
import {
  answerHandshake,
  type Handshake,
  type HandshakeAnswer,
  handshakeMethods,
  isUnsigned,
} from "./handshake.ts";
import { readEach, readPlace } from "./place.ts";
import type { WebhookRequest } from "./request.ts";
import { signWebhook } from "./sign.ts";
import { publish } from "./conformance/vendor-keys.ts";

const secret = "correct horse battery staple";
const url = "https://hooks.example.com/hook";
const confirmUrl = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc";
const encoder = new TextEncoder();

const slack: Handshake = {
  kind: "echo",
  when: { field: "type", equals: "url_verification" },
  from: { field: "challenge" },
  as: { field: "challenge" },
};
const eventGrid: Handshake = {
  kind: "echo",
  when: { header: "aeg-event-type", equals: "SubscriptionValidation" },
  from: { field: "0.data.validationCode" },
  as: { field: "validationResponse" },
};
const graph: Handshake = {
  kind: "echo",
  when: { query: "validationToken" },
  from: { query: "validationToken" },
  as: "text",
  unsigned: "Graph sends it before there is a subscription",
};
const asana: Handshake = { kind: "echo-header", header: "x-hook-secret" };
const zoom: Handshake = {
  kind: "hmac-challenge",
  when: { field: "event", equals: "endpoint.url_validation" },
  from: { field: "payload.plainToken" },
  plain: "plainToken",
  encrypted: "encryptedToken",
};
const meta: Handshake = {
  kind: "get-challenge",
  from: { query: "hub.challenge" },
  as: "text",
  token: { at: { query: "hub.verify_token" }, credential: "verify-token" },
};
const okta: Handshake = {
  kind: "get-challenge",
  from: { header: "x-okta-verification-challenge" },
  as: { field: "verification" },
};
const discord: Handshake = {
  kind: "ping",
  when: { field: "type", equals: 1 },
  status: 200,
  body: { type: 1 },
};
const cloudEvents: Handshake = {
  kind: "options",
  origins: ["eventgrid.azure.net"],
  perMinute: 600,
};
const sns: Handshake = {
  kind: "subscribe-url",
  when: { field: "Type", equals: "SubscriptionConfirmation" },
  from: { field: "SubscribeURL" },
};
const monday: Handshake = {
  kind: "jwt-challenge",
  when: { field: "challenge" },
  from: { field: "challenge" },
  verify: {
    kind: "jwt",
    header: "authorization",
    keys: { shared: ["HS256"] },
    toleranceSeconds: 60,
  },
};

function request(given: Partial<WebhookRequest> = {}): WebhookRequest {
  return { method: "POST", url, headers: {}, body: new Uint8Array(), ...given };
}

function ask(
  handshake: Handshake,
  payload: unknown,
  given: Partial<WebhookRequest> = {},
): Promise<HandshakeAnswer | undefined> {
  return answerHandshake([handshake], request(given), payload, {
    secrets: [secret],
    nowMs: 1_795_262_400_000,
    documents: publish({ [confirmUrl]: "<ConfirmSubscriptionResponse/>" }),
    credential: (field) => (field === "verify-token" ? "agreed with Meta" : undefined),
  });
}

const json = (body: Record<string, string | number>): HandshakeAnswer => ({
  status: 200,
  body,
  headers: {},
});
const text = (body: string): HandshakeAnswer => ({
  status: 200,
  body,
  headers: { "content-type": "text/plain", "x-content-type-options": "nosniff" },
});
const none: HandshakeAnswer = { status: 200, body: undefined, headers: {} };
const get = (query: string): Partial<WebhookRequest> => ({ method: "GET", url: `${url}?${query}` });

describe("answerHandshake", () => {
  it.each<[string, Handshake, unknown, Partial<WebhookRequest>, HandshakeAnswer | undefined]>([
    [
      "an echo",
      slack,
      { type: "url_verification", challenge: "3eZb" },
      {},
      json({ challenge: "3eZb" }),
    ],
    ["an event", slack, { type: "event_callback", challenge: "3eZb" }, {}, undefined],
    ["no challenge", slack, { type: "url_verification" }, {}, undefined],
    ["an object", slack, { type: "url_verification", challenge: { a: 1 } }, {}, undefined],
    [
      "a document",
      slack,
      { type: "url_verification", challenge: "x".repeat(2_000) },
      {},
      undefined,
    ],
    ["mark-up", slack, { type: "url_verification", challenge: "<script>" }, {}, undefined],
    ["null", slack, null, {}, undefined],
    [
      "an item's field",
      eventGrid,
      [{ data: { validationCode: "512d38b6" } }],
      { headers: { "aeg-event-type": "SubscriptionValidation" } },
      json({ validationResponse: "512d38b6" }),
    ],
    ["another header", eventGrid, [{ data: { validationCode: "5" } }], {}, undefined],
    ["a query as text", graph, undefined, { url: `${url}?validationToken=a%3Ab` }, text("a:b")],
    ["mark-up as text", graph, undefined, { url: `${url}?validationToken=%3Cb%3E` }, undefined],
    [
      "two tokens",
      graph,
      undefined,
      { url: `${url}?validationToken=a&validationToken=b` },
      undefined,
    ],
    [
      "a header",
      asana,
      {},
      { headers: { "x-hook-secret": "b537" } },
      { status: 200, body: undefined, headers: { "x-hook-secret": "b537" } },
    ],
    ["a header with a line", asana, {}, { headers: { "x-hook-secret": "a\r\nb: c" } }, undefined],
    ["no header", asana, {}, {}, undefined],
    ["another event", zoom, { event: "meeting.started" }, {}, undefined],
    [
      "a GET with its token",
      meta,
      undefined,
      get("hub.mode=subscribe&hub.challenge=1158&hub.verify_token=agreed%20with%20Meta"),
      text("1158"),
    ],
    ["a GET with another", meta, undefined, get("hub.challenge=1&hub.verify_token=x"), undefined],
    ["a GET without", meta, undefined, get("hub.challenge=1158"), undefined],
    [
      "a POST instead",
      okta,
      undefined,
      { headers: { "x-okta-verification-challenge": "a" } },
      undefined,
    ],
    [
      "a GET's header",
      okta,
      undefined,
      { method: "GET", headers: { "x-okta-verification-challenge": "My1Y" } },
      json({ verification: "My1Y" }),
    ],
    ["a ping", discord, { type: 1 }, {}, json({ type: 1 })],
    ["no ping", discord, { type: 2 }, {}, undefined],
    [
      "an origin",
      cloudEvents,
      undefined,
      { method: "OPTIONS", headers: { "webhook-request-origin": "eventgrid.azure.net" } },
      {
        ...none,
        headers: {
          "webhook-allowed-origin": "eventgrid.azure.net",
          "webhook-allowed-rate": "600",
          allow: "POST, OPTIONS",
        },
      },
    ],
    [
      "another origin",
      cloudEvents,
      undefined,
      { method: "OPTIONS", headers: { "webhook-request-origin": "evil.example" } },
      undefined,
    ],
    [
      "a confirmation",
      sns,
      { Type: "SubscriptionConfirmation", SubscribeURL: confirmUrl },
      {},
      none,
    ],
    [
      "a confirmation elsewhere",
      sns,
      { Type: "SubscriptionConfirmation", SubscribeURL: "https://evil.example/" },
      {},
      undefined,
    ],
    ["a challenge without token", monday, { challenge: "3eZb" }, {}, undefined],
  ])("answers %s", async (_, handshake, payload, given, answer) => {
    expect(await ask(handshake, payload, given)).toEqual(answer);
  });

  it("proves that it knows Zoom's secret", async () => {
    const payload = { event: "endpoint.url_validation", payload: { plainToken: "qgg8vlvZRS6U" } };
    expect(await ask(zoom, payload)).toEqual(
      json({
        plainToken: "qgg8vlvZRS6U",
        encryptedToken: "66343534576ad63f307c7e2838d8c99dbff603ff4d86ca7b732111b0e76cf985",
      }),
    );
  });

  it("answers Monday's challenge for its token alone", async () => {
    if (monday.kind !== "jwt-challenge") throw new Error("another kind");
    const webhook = { body: encoder.encode("{}"), nowMs: 1_795_262_400_000, url };
    const { headers } = signWebhook(monday.verify, webhook, secret);
    expect(await ask(monday, { challenge: "3eZb" }, { headers })).toEqual(
      json({ challenge: "3eZb" }),
    );
    const forged = signWebhook(monday.verify, webhook, "somebody else's secret");
    expect(await ask(monday, { challenge: "3eZb" }, { headers: forged.headers })).toBeUndefined();
  });
});

describe("handshakes", () => {
  const all = [slack, eventGrid, graph, asana, zoom, meta, okta, discord, cloudEvents, sns, monday];

  it("come before the verification only where the vendor does not sign them like events", () => {
    expect(all.filter(isUnsigned)).toEqual([graph, asana, meta, okta, cloudEvents, monday]);
  });

  it("say which methods they need", () => {
    expect(handshakeMethods(all)).toEqual(["GET", "OPTIONS"]);
    expect(handshakeMethods([slack, meta])).toEqual(["GET"]);
    expect(handshakeMethods([slack])).toEqual([]);
  });
});

describe("places", () => {
  const payload = { event: { type: "message", ts: 12 }, list: [{ a: 1 }, { a: 2 }, {}] };
  it.each([
    [{ header: "x-id" }, "h1"],
    [{ header: "x-none" }, undefined],
    [{ query: "q" }, "a b"],
    [{ query: "twice" }, undefined],
    [{ field: "event.type" }, "message"],
    [{ field: "event.ts" }, "12"],
    [{ field: "event" }, undefined],
    [{ field: "event.type.length" }, undefined],
    [{ field: "list.1.a" }, "2"],
    [{ field: "constructor.name" }, undefined],
  ])("reads %j", (place, value) => {
    const asked = { url: `${url}?q=a+b&twice=1&twice=2`, headers: { "x-id": "h1" } };
    expect(readPlace(place, asked, payload)).toBe(value);
  });

  it("reads every item", () => {
    expect(readEach(payload, "list.*.a")).toEqual([1, 2, undefined]);
    expect(readEach(payload, "event.*.a")).toEqual([]);
    expect(readEach(payload, "event.type")).toEqual(["message"]);
  });
});
