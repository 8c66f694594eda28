import { decodeStrict } from "../encoding.ts";
import { type Refused, refuse, type WebhookRequest } from "../request.ts";
import type { ListScheme, SignedScheme } from "../scheme.ts";
import { checkTimestamp, type Read } from "../timestamp.ts";

/** What a request brings as its proof. */
export type Proof = {
  readonly signatures: readonly Uint8Array[];
  readonly timestamp: string | undefined;
  readonly id: string | undefined;
};

/** More signatures than any vendor sends at once; each costs an HMAC. */
const MAX_SIGNATURES = 5;
const VISIBLE = /^[!-~]+$/;

/** Reads the headers that carry a proof. Refuses what is missing, malformed or too old. */
export function readProof(
  scheme: SignedScheme,
  headers: WebhookRequest["headers"],
  nowMs: number,
): Read<Proof> {
  const header = headers[scheme.header];
  if (header === undefined || header === "") return refuse("missing-signature");
  if (scheme.kind === "list") return readList(scheme, header, nowMs);
  const signatures = readSignatures(scheme, header);
  if (!signatures.ok) return signatures;
  const rule = scheme.timestamp;
  const timestamp =
    rule === undefined || "field" in rule
      ? absent
      : checkTimestamp(headers[rule.header], rule, nowMs);
  if (!timestamp.ok) return timestamp;
  const id = scheme.idHeader === undefined ? absent : readId(headers[scheme.idHeader]);
  if (!id.ok) return id;
  return {
    ok: true,
    value: { signatures: signatures.value, timestamp: timestamp.value, id: id.value },
  };
}

const absent = { ok: true, value: undefined } as const;
const malformed: Refused = refuse("malformed-signature");

function readSignatures(
  { separator, prefix = "", encoding }: Exclude<SignedScheme, ListScheme>,
  header: string,
): Read<readonly Uint8Array[]> {
  const items = separator === undefined ? [header] : header.split(separator);
  // Vendors add versions beside the one we read (`v1a,` after `v1,`); without a separator nothing may differ.
  const known = items.filter((item) => item.startsWith(prefix));
  // A header sent twice arrives joined by ", ": its second half starts with a blank and ends here.
  const others = items.filter((item) => !item.startsWith(prefix));
  if (items.length > MAX_SIGNATURES || !others.every((item) => VISIBLE.test(item)))
    return malformed;
  return decodeAll(
    known.map((item) => item.slice(prefix.length)),
    encoding,
  );
}

/** `t=…,v1=…`: the time exactly once, any number of signatures, and whatever else the vendor may add. */
function readList(scheme: ListScheme, header: string, nowMs: number): Read<Proof> {
  const items = header.split(",").map((item) => /^([a-z0-9_]+)=([!-~]+)$/i.exec(item));
  const pairs = items.filter((item) => item !== null);
  if (pairs.length < items.length) return malformed;
  const valuesOf = (key: string): string[] =>
    pairs.flatMap(([, name, value]) => (name === key && value !== undefined ? [value] : []));
  const times = valuesOf(scheme.timestampKey);
  const given = valuesOf(scheme.signatureKey);
  if (times.length > 1 || given.length > MAX_SIGNATURES) return malformed;
  const signatures = decodeAll(given, scheme.encoding);
  if (!signatures.ok) return signatures;
  const rule = { unit: "seconds", toleranceSeconds: scheme.toleranceSeconds } as const;
  const timestamp = checkTimestamp(times[0], rule, nowMs);
  if (!timestamp.ok) return timestamp;
  return {
    ok: true,
    value: { signatures: signatures.value, timestamp: timestamp.value, id: undefined },
  };
}

function decodeAll(
  texts: readonly string[],
  encoding: "hex" | "base64",
): Read<readonly Uint8Array[]> {
  const value = texts.flatMap((text) => decodeStrict(text, encoding) ?? []);
  return value.length === texts.length && value.length > 0 ? { ok: true, value } : malformed;
}

function readId(value: string | undefined): Read<string> {
  if (value === undefined || value === "") return refuse("missing-id");
  // A dot in the id would let one signature stand for two readings of `id.timestamp.body`.
  return /^[\w-]{1,128}$/.test(value) ? { ok: true, value } : refuse("malformed-id");
}
