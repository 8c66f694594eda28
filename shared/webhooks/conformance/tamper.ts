import type { Random } from "#shared/function";
import type { Trust, Verdict, WebhookRequest } from "../request.ts";
import type { WebhookScheme } from "../scheme.ts";
import { signWebhook } from "../sign.ts";
import { type VendorKeys, vendorKeys } from "./vendor-keys.ts";
import type { Vendor } from "./vendors.ts";

/** A request that its vendor signed, and what its connection believes. */
export type Genuine = {
  readonly vendor: Vendor;
  readonly request: WebhookRequest;
  readonly trust: Trust;
};

/** A request that nobody signed as it is. */
export type Tampered = Omit<Genuine, "vendor"> & { readonly how: string };

export type Verify = (
  scheme: WebhookScheme,
  request: WebhookRequest,
  trust: Trust,
) => Promise<Verdict>;

export const NOW_MS = Date.UTC(2026, 10, 21, 12, 0, 0);
const URL_TEXT = "https://hooks.example.com/v1/webhooks/vendor/default?a=%2Fb%3A1&c=it's";
const encoder = new TextEncoder();

/** Requests of a vendor with different bodies. */
export function genuine(vendor: Vendor, count: number, random: Random): readonly Genuine[] {
  const keys = vendorKeys(vendor.scheme, NOW_MS, vendor.asymmetric);
  const { secret, documents } = keys;
  return Array.from({ length: count }, (_, index) => ({
    vendor,
    request: signed(vendor, keys, `${random.uuid()} ü ${index}`),
    trust: { secrets: [secret], nowMs: NOW_MS, documents },
  }));
}

function signed(vendor: Vendor, keys: VendorKeys, text: string): WebhookRequest {
  const { body = (given) => JSON.stringify({ action: given, number: 2 }), headers = {} } = vendor;
  const bytes = encoder.encode(body(text, NOW_MS));
  const webhook = { body: bytes, nowMs: NOW_MS, id: "msg_2x4", url: URL_TEXT, headers };
  return signWebhook(vendor.scheme, webhook, keys.signing);
}

/** Changes something that the proof covers, in one of the ways there are. `other` is another genuine request. */
export function tamper(given: Genuine, other: Genuine, random: Random): Tampered {
  const { vendor, request, trust } = given;
  const proof = proofHeader(vendor);
  const ways = [
    ...(vendor.coversBody ? [changeBody, changeBody] : []),
    ...(vendor.coversUrl === true ? [changeUrl] : []),
    ...(proof === undefined ? [] : [changeHeader, changeHeader, changeHeader]),
    ...(vendor.scheme.kind === "url-token" ? [changeToken] : []),
    ...(vendor.scheme.kind === "static-field" ? [changeField] : []),
    ...(isTimed(vendor.scheme) ? [changeTime] : []),
    changeEncoding,
    changeSecrets,
  ];
  const way = pick(ways, random);
  const changed = way({ vendor, request, trust }, other, random, proof ?? "");
  return { request, trust, how: way.name, ...changed };
}

type Way = (
  given: Genuine,
  other: Genuine,
  random: Random,
  header: string,
) => Partial<Pick<Tampered, "request" | "trust">>;

const changeBody: Way = ({ vendor, request }, other, random) => {
  const { body } = request;
  const at = Math.floor(random.next() * body.length);
  const text = new TextDecoder().decode(body);
  const flipped = Uint8Array.from(body);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
  const bodies = [
    flipped,
    body.slice(0, at),
    // Where the proof is in the body, another message comes with its own.
    ...(isOwnProof(vendor) ? [] : [other.request.body]),
    encoder.encode(`${text}x`),
    encoder.encode(text.replace(/[a-f]/, "z")),
    // Equal as JSON, and not the bytes that were signed; some vendors sign what the bytes mean.
    ...(readsMeaning(vendor) ? [] : [encoder.encode(`${text}\n`), encoder.encode(` ${text}`)]),
    new Uint8Array(),
  ];
  const body2 = pick(bodies, random);
  const meant = readsMeaning(vendor) && meaning(vendor, body2) === meaning(vendor, body);
  return { request: { ...request, body: meant ? encoder.encode("{}") : body2 } };
};

const changeUrl: Way = ({ request }, __, random) => {
  const { url } = request;
  const urls = [
    `${url}&x=1`,
    url.replace("hooks.", "hook."),
    url.replace("/default", "/other"),
    url.replace("https:", "http:"),
    url.replace("c=it", "c=at"),
    url.replace(/\?.*/, ""),
  ];
  return { request: { ...request, url: pick(urls, random) } };
};

const changeToken: Way = ({ request }, __, random) => {
  const { url } = request;
  const urls = [
    url.replace(/token=.*$/, ""),
    `${url}x`,
    url.slice(0, -1),
    `${url}&token=again`,
    url.replace("token=", "Token="),
    url.replace("token=", "token=%20"),
  ];
  return { request: { ...request, url: pick(urls, random) } };
};

const changeField: Way = ({ request }, __, random) => {
  const text = new TextDecoder().decode(request.body);
  const texts = [
    text.replace(/battery(?=[^}]*\}\])/, "butter"),
    text.replace("battery", "butter"),
    text.replace("clientState", "ClientState"),
    text.replace(/"clientState":"[^"]*"/, '"clientState":null'),
    text.replace(/"clientState":"([^"]*)"/, '"clientState":["$1"]'),
    text.replace(/\[.*\]/, "[]"),
    "{}",
    "[]",
    "",
  ];
  return { request: { ...request, body: encoder.encode(pick(texts, random)) } };
};

const changeHeader: Way = ({ vendor, request }, other, random, name) => {
  const value = request.headers[name] ?? "";
  const set = (changed: string): WebhookRequest => ({
    ...request,
    headers: { ...request.headers, [name]: changed },
  });
  const { [name]: dropped, ...without } = request.headers;
  const at = Math.floor(random.next() * value.length);
  const bit = 1 << Math.floor(random.next() * 7);
  const flipped =
    value.slice(0, at) + String.fromCodePoint(value.charCodeAt(at) ^ bit) + value.slice(at + 1);
  const theirs = other.request.headers[name] ?? "";
  const single = !isList(vendor.scheme);
  const values = [
    flipped,
    value.slice(0, at),
    value.slice(at + 1),
    ` ${value}`,
    `${value}\n`,
    `${value}, ${value}`,
    `${value};${value}`,
    value === value.toUpperCase() ? `-${value}` : value.toUpperCase(),
    `x${value}`,
    `undefined${value}`,
    "",
    "null",
    Array.from({ length: 7 }, () => value).join(","),
    ...(single ? [`${value}=`, `${value},${value}`, `${theirs},${value}`, `${value}0`] : []),
    // Another body's proof is only another proof where the body is covered.
    ...(vendor.coversBody && theirs !== value ? [theirs] : []),
  ];
  const changed = pick(values, random);
  if (dropped === undefined || changed === value)
    return { request: { ...request, headers: without } };
  return { request: set(changed) };
};

const changeTime: Way = ({ request, trust, vendor }, __, random) => {
  const name = timeHeader(vendor.scheme);
  const value = name === undefined ? undefined : request.headers[name];
  if (name === undefined || value === undefined || random.next() < 0.3) {
    const awayMs = 3_700_000 + Math.floor(random.next() * 1e10);
    const nowMs = NOW_MS + (random.next() < 0.5 ? awayMs : -awayMs);
    return { trust: { ...trust, nowMs } };
  }
  const near = String(Number(value) + Math.ceil(random.next() * 20) - 21);
  const others = [
    near,
    `+${value}`,
    ` ${value}`,
    `0${value}`,
    `${value}.0`,
    `${value}e0`,
    "-1",
    "",
    "NaN",
  ];
  const changed = pick([...others, `${value}, ${value}`, value.slice(0, -1)], random);
  return { request: { ...request, headers: { ...request.headers, [name]: changed } } };
};

const changeEncoding: Way = ({ request }, __, random) => {
  const encoding = pick(["gzip", "br", "deflate", "identity, gzip", "GZIP", "", "x"], random);
  return { request: { ...request, headers: { ...request.headers, "content-encoding": encoding } } };
};

const changeSecrets: Way = ({ trust }, __, random) => {
  const [secret = ""] = trust.secrets;
  const lists = [
    [],
    [""],
    ["short"],
    [" "],
    ["undefined"],
    [secret.slice(0, 15)],
    [secret.replace(/[a-m]/, "q").replace(/[0-9]/, (digit) => String((Number(digit) + 1) % 10))],
    ["arn:aws:sns:eu-west-1:210987654321:builds"],
  ];
  return { trust: { ...trust, secrets: pick(lists, random) } };
};

function proofHeader({ scheme }: Vendor): string | undefined {
  if (scheme.kind === "standard-webhooks") return "webhook-signature";
  return "header" in scheme ? scheme.header : undefined;
}

function timeHeader(scheme: WebhookScheme): string | undefined {
  if (scheme.kind === "standard-webhooks") return "webhook-timestamp";
  if (!("timestamp" in scheme) || scheme.timestamp === undefined) return undefined;
  return "header" in scheme.timestamp ? scheme.timestamp.header : undefined;
}

function isTimed(scheme: WebhookScheme): boolean {
  return "toleranceSeconds" in scheme || ("timestamp" in scheme && scheme.timestamp !== undefined);
}

function isList(scheme: WebhookScheme): boolean {
  return scheme.kind === "list" || scheme.kind === "standard-webhooks" || "separator" in scheme;
}

function readsMeaning({ scheme }: Vendor): boolean {
  return scheme.kind === "twilio" || isOwnProof({ scheme });
}

function isOwnProof({ scheme }: Pick<Vendor, "scheme">): boolean {
  return scheme.kind === "sns" || (scheme.kind === "jwt" && "field" in scheme);
}

/** What the signature of a vendor that reads the body says about it. */
function meaning({ scheme, headers }: Vendor, body: Uint8Array): string {
  const text = new TextDecoder().decode(body);
  if (scheme.kind === "twilio" && headers?.["content-type"] !== "application/json") {
    return JSON.stringify([...new URLSearchParams(text)].map((pair) => pair.join("")).toSorted());
  }
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

function pick<T>(from: readonly T[], random: Random): T {
  const chosen = from[Math.floor(random.next() * from.length)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}
