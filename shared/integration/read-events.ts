import { createHash } from "node:crypto";
import { Fault } from "#shared/errors";
import { bodyBytes, bodyText, parseJson, type RawRequest } from "#shared/function";
import {
  type Place,
  readField,
  readPlace,
  readToken,
  type WebhookRequest,
  type WebhookScheme,
} from "#shared/webhooks";
import { openNested } from "./nested-json.ts";
import type { BodyDigest, FixedType, VendorWebhooks } from "./define-integration.ts";

/** One event of a request, as far as the vendor's definition tells. */
export type ReceivedEvent = {
  readonly delivery: string;
  readonly type: string;
  readonly payload: unknown;
};

/** The state port refuses nesting beyond 64, its own envelope included. */
const MAX_DEPTH = 60;
/** More than any vendor puts into one request: HubSpot 100, Event Grid and SendGrid are bound by their 1 MB. */
const MAX_BATCH = 5_000;

const limits = { name: "webhook.body", maxDepth: MAX_DEPTH };

/**
 * The body as data, or what the token in it claims. Throws `invalid_argument` from `caller` for what is neither JSON nor a
 * form that is expected.
 */
export function readPayload(webhooks: VendorWebhooks, request: RawRequest): unknown {
  const payload = opened(webhooks.verify, readBody(webhooks, request));
  const { omit } = webhooks;
  if (omit === undefined || typeof payload !== "object" || payload === null) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !omit.includes(name)));
}

function opened(verify: WebhookScheme, payload: unknown): unknown {
  if (verify.kind !== "jwt" || !("field" in verify)) return payload;
  const text = readField(payload, verify.field);
  const token = typeof text === "string" ? readToken(text) : undefined;
  // Once more from the text, within the limits of a body.
  return token === undefined
    ? undefined
    : parseJson(Buffer.from(token.content.split(".")[1] ?? "", "base64url").toString(), limits);
}

function readBody({ form }: VendorWebhooks, request: RawRequest): unknown {
  const text = bodyText(request);
  const type = request.headers["content-type"] ?? "";
  if (form === undefined || !/^application\/x-www-form-urlencoded(?:;|$)/i.test(type)) {
    return parseJson(text, limits);
  }
  const fields = [...new URLSearchParams(text)];
  const json = fields.find(([name]) => name === form.json)?.[1];
  if (json !== undefined) return parseJson(json, limits);
  const names = new Set(fields.map(([name]) => name));
  if (names.size === fields.length && !names.has("__proto__")) return Object.fromEntries(fields);
  throw new Fault("invalid_argument", "webhook.body: names a field twice; send it once", {
    origin: "caller",
  });
}

/** The events of a request. Throws `invalid_argument` from `caller` for one that does not say what it is. */
export function readEvents(
  webhooks: VendorWebhooks,
  request: RawRequest,
  asked: WebhookRequest,
  payload: unknown,
): readonly ReceivedEvent[] {
  const { batch, deliveryId, type } = webhooks;
  const items = batch === undefined ? [payload] : listOf(batch, payload);
  return items.map((given) => {
    const bytes = batch === undefined ? bodyBytes(request) : JSON.stringify(given);
    const item = openNested(webhooks, given);
    return {
      delivery: readText([deliveryId].flat(), "delivery id", asked, item, bytes),
      type: readText([type].flat(), "event type", asked, item, bytes),
      payload: item,
    };
  });
}

function listOf(batch: NonNullable<VendorWebhooks["batch"]>, payload: unknown): readonly unknown[] {
  const list = batch === "body" ? payload : readField(payload, batch.field);
  if (Array.isArray(list) && list.length <= MAX_BATCH) return list;
  const where = batch === "body" ? "the body" : batch.field;
  throw new Fault(
    "invalid_argument",
    `webhook.read: ${where} is no list of at most ${MAX_BATCH} events`,
    {
      origin: "caller",
    },
  );
}

function readText(
  origins: readonly (Place | BodyDigest | FixedType)[],
  what: string,
  asked: WebhookRequest,
  payload: unknown,
  bytes: string | Uint8Array,
): string {
  for (const origin of origins) {
    const value = readOrigin(origin, asked, payload, bytes);
    if (value !== undefined && /^[!-~]{1,200}$/.test(value)) return value;
  }
  throw new Fault(
    "invalid_argument",
    `webhook.read: the ${what} is missing or malformed; it belongs in the ${origins.map(describe).join(" or the ")}`,
    { origin: "caller" },
  );
}

function readOrigin(
  origin: Place | BodyDigest | FixedType,
  asked: WebhookRequest,
  payload: unknown,
  bytes: string | Uint8Array,
): string | undefined {
  if ("digest" in origin) return createHash(origin.digest).update(bytes).digest("hex");
  if (!("always" in origin)) return readPlace(origin, asked, payload);
  return readPlace(origin.when, asked, payload) === undefined ? undefined : origin.always;
}

function describe(origin: Place | BodyDigest | FixedType): string {
  if ("digest" in origin) return "body";
  const place = "always" in origin ? origin.when : origin;
  if ("header" in place) return `header ${place.header}`;
  return "query" in place ? `query parameter ${place.query}` : `field ${place.field}`;
}
