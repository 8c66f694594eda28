import { decodeStrict, parseObject } from "../encoding.ts";
import { isOneOf, usableSecrets } from "../key.ts";
import { readEach, readQuery } from "../place.ts";
import { accepted, refuse, type Verdict, type WebhookRequest } from "../request.ts";
import type { StaticFieldScheme, StaticHeaderScheme, UrlTokenScheme } from "../scheme.ts";

/** Decides about a secret that is sent along: whoever has seen one request can make any other. */
export function verifyStatic(
  scheme: StaticHeaderScheme | StaticFieldScheme | UrlTokenScheme,
  request: WebhookRequest,
  secrets: readonly string[],
): Verdict {
  const usable = usableSecrets(secrets);
  if (usable.length === 0) return refuse("no-secret");
  const given = readGiven(scheme, request);
  if (given.length === 0 || given.includes(undefined)) return refuse("missing-signature");
  const known = given.every((value) => typeof value === "string" && isOneOf(usable, value));
  return known ? accepted : refuse("wrong-signature");
}

function readGiven(
  scheme: StaticHeaderScheme | StaticFieldScheme | UrlTokenScheme,
  { headers, url, body }: WebhookRequest,
): readonly unknown[] {
  if (scheme.kind === "static-field") return readEach(parseObject(body), scheme.field);
  if (scheme.kind === "url-token") return [readQuery(url, scheme.parameter)];
  const value = headers[scheme.header];
  const prefix = scheme.basic === true ? "Basic " : (scheme.prefix ?? "");
  if (value === undefined || !value.startsWith(prefix)) return [];
  const text = value.slice(prefix.length);
  if (scheme.basic !== true) return [text];
  const decoded = decodeStrict(text, "base64");
  return [decoded && Buffer.from(decoded).toString()];
}
