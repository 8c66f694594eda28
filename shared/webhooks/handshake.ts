import { createHmac } from "node:crypto";
import { hmacKey, isOneOf } from "./key.ts";
import { type Place, readPlace } from "./place.ts";
import type { Trust, WebhookRequest } from "./request.ts";
import type { JwtScheme } from "./scheme.ts";

/** When a request is a handshake: what stands at a place has exactly this value, or is there at all. */
export type When = Place & { readonly equals?: string | number };

/** How something is sent back: as the one member of a JSON object, or as plain text. */
export type AnswerForm = { readonly field: string } | "text";

/**
 * How a vendor makes sure that somebody is there, as data.
 * - `echo` sends back what the vendor sent; `unsigned` says why it does so for requests that carry no proof.
 * - `echo-header` sends a header back under its own name, before there is a secret (Asana).
 * - `hmac-challenge` shows that we have the secret: the text, and its HMAC-SHA256 in hex (Zoom).
 * - `get-challenge` is an echo for a GET, which no event can be; `token` names the credential it must carry (Meta).
 * - `ping` answers with something fixed (Discord).
 * - `options` allows an origin to send (https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md).
 * - `subscribe-url` fetches the address that a proven message of SNS asks to visit.
 * - `jwt-challenge` is an echo with a proof of its own, where events are proved otherwise (Monday).
 */
export type Handshake =
  | {
      readonly kind: "echo";
      readonly when: When;
      readonly from: Place;
      readonly as: AnswerForm;
      readonly unsigned?: string;
    }
  | { readonly kind: "echo-header"; readonly header: string }
  | {
      readonly kind: "hmac-challenge";
      readonly when: When;
      readonly from: { readonly field: string };
      readonly plain: string;
      readonly encrypted: string;
    }
  | {
      readonly kind: "get-challenge";
      readonly from: Place;
      readonly as: AnswerForm;
      readonly token?: { readonly at: Place; readonly credential: string };
    }
  | {
      readonly kind: "ping";
      readonly when: When;
      readonly status: 200 | 204;
      readonly body?: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: "options"; readonly origins: readonly string[]; readonly perMinute: number }
  | {
      readonly kind: "subscribe-url";
      readonly when: When;
      readonly from: { readonly field: string };
    }
  | {
      readonly kind: "jwt-challenge";
      readonly when: When;
      readonly from: { readonly field: string };
      readonly verify: JwtScheme;
    };

export type HandshakeAnswer = {
  readonly status: number;
  readonly body: Readonly<Record<string, string | number>> | string | undefined;
  readonly headers: Readonly<Record<string, string>>;
};

/** What shaking hands needs beside what verifying does. */
export type HandshakeTrust = Trust & {
  /** A credential of the connection. */
  readonly credential: (field: string) => string | undefined;
};

/** The methods beside POST that a vendor's handshakes use. */
export function handshakeMethods(handshakes: readonly Handshake[]): readonly ("GET" | "OPTIONS")[] {
  const kinds = new Set(handshakes.map(({ kind }) => kind));
  return [
    ...(kinds.has("get-challenge") ? (["GET"] as const) : []),
    ...(kinds.has("options") ? (["OPTIONS"] as const) : []),
  ];
}

/** Whether a handshake takes place before the request is verified, because the vendor does not sign it like events. */
export function isUnsigned(handshake: Handshake): boolean {
  if (handshake.kind === "echo") return handshake.unsigned !== undefined;
  return ["echo-header", "get-challenge", "options", "jwt-challenge"].includes(handshake.kind);
}

/**
 * The answer the vendor waits for; `undefined` when the request is none of these handshakes. The caller passes those that
 * are due: the unsigned ones before it verifies, the others after. Throws what fetching throws.
 */
export async function answerHandshake(
  handshakes: readonly Handshake[],
  request: WebhookRequest,
  payload: unknown,
  trust: HandshakeTrust,
): Promise<HandshakeAnswer | undefined> {
  for (const handshake of handshakes) {
    const answer = await shake(handshake, request, payload, trust);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

type Shaken = HandshakeAnswer | undefined | Promise<HandshakeAnswer | undefined>;

function shake(
  handshake: Handshake,
  request: WebhookRequest,
  payload: unknown,
  trust: HandshakeTrust,
): Shaken {
  const { method, headers } = request;
  const at = (place: Place): string | undefined => readPlace(place, request, payload);
  if ("when" in handshake && (method !== "POST" || !isMeant(handshake.when, at))) return undefined;
  switch (handshake.kind) {
    case "echo":
      return echo(at(handshake.from), handshake.as);
    case "echo-header": {
      const value = token(headers[handshake.header]);
      return value === undefined
        ? undefined
        : { status: 200, body: undefined, headers: { [handshake.header]: value } };
    }
    case "hmac-challenge":
      return prove(handshake, at(handshake.from), trust);
    case "get-challenge": {
      if (method !== "GET") return undefined;
      const known = handshake.token === undefined || holds(handshake.token, at, trust);
      return known ? echo(at(handshake.from), handshake.as) : undefined;
    }
    case "ping":
      return { status: handshake.status, body: handshake.body, headers: {} };
    case "options":
      return method === "OPTIONS" ? allow(handshake, headers) : undefined;
    case "subscribe-url":
      return import("./subscribe.ts").then(({ confirmSubscription }) =>
        confirmSubscription(at(handshake.from), trust),
      );
    case "jwt-challenge":
      return import("./verify/jwt.ts").then(async ({ verifyJwt }) => {
        const verdict = await verifyJwt(handshake.verify, request, trust);
        return verdict.ok ? echo(at(handshake.from), { field: handshake.from.field }) : undefined;
      });
  }
}

function isMeant(when: When, at: (place: Place) => string | undefined): boolean {
  const value = at(when);
  return value !== undefined && (when.equals === undefined || value === String(when.equals));
}

/** Challenges are tokens, not documents, and never mark-up: a page that a stranger wrote must not come from here. */
function token(value: string | undefined): string | undefined {
  return value !== undefined && /^[\w.~+/=:%-]{1,1024}$/.test(value) ? value : undefined;
}

function echo(value: string | undefined, as: AnswerForm): HandshakeAnswer | undefined {
  const given = token(value);
  if (given === undefined) return undefined;
  if (as !== "text") return { status: 200, body: { [as.field]: given }, headers: {} };
  const headers = { "content-type": "text/plain", "x-content-type-options": "nosniff" };
  return { status: 200, body: given, headers };
}

function prove(
  { plain, encrypted }: Extract<Handshake, { kind: "hmac-challenge" }>,
  challenge: string | undefined,
  { secrets }: Trust,
): HandshakeAnswer | undefined {
  const [key] = secrets.flatMap((secret) => hmacKey(secret) ?? []);
  const given = token(challenge);
  if (key === undefined || given === undefined) return undefined;
  const proof = createHmac("sha256", key).update(given).digest("hex");
  return { status: 200, body: { [plain]: given, [encrypted]: proof }, headers: {} };
}

function holds(
  { at: place, credential }: { readonly at: Place; readonly credential: string },
  at: (place: Place) => string | undefined,
  trust: HandshakeTrust,
): boolean {
  const [expected, given] = [trust.credential(credential), at(place)];
  return (
    expected !== undefined && expected !== "" && given !== undefined && isOneOf([expected], given)
  );
}

function allow(
  { origins, perMinute }: Extract<Handshake, { kind: "options" }>,
  headers: WebhookRequest["headers"],
): HandshakeAnswer | undefined {
  const origin = headers["webhook-request-origin"];
  if (origin === undefined || !origins.includes(origin)) return undefined;
  return {
    status: 200,
    body: undefined,
    headers: {
      "webhook-allowed-origin": origin,
      "webhook-allowed-rate": String(perMinute),
      allow: "POST, OPTIONS",
    },
  };
}
