import { createHash, createHmac } from "node:crypto";
import { decodeStrict } from "../encoding.ts";
import { equalBytes, hmacKey } from "../key.ts";
import { readQuery } from "../place.ts";
import { accepted, refuse, type Verdict, type WebhookRequest } from "../request.ts";
import type { TwilioScheme } from "../scheme.ts";

/**
 * Decides about Twilio's signature (https://www.twilio.com/docs/usage/security#validating-requests). The form is signed
 * as names and values without delimiters, so that this proves less than the others: what is in the parameters, not where
 * one ends. A body that is no form is signed by its hash in the URL.
 */
export function verifyTwilio(
  scheme: TwilioScheme,
  request: WebhookRequest,
  secrets: readonly string[],
): Verdict {
  const keys = secrets.flatMap((secret) => hmacKey(secret) ?? []);
  if (keys.length === 0) return refuse("no-secret");
  const header = request.headers[scheme.header];
  if (header === undefined || header === "") return refuse("missing-signature");
  const signature = decodeStrict(header, "base64");
  if (signature === undefined) return refuse("malformed-signature");
  const contents = twilioContents(request);
  if (contents.length === 0) return refuse("malformed-body");
  const valid = keys.some((key) =>
    contents.some((content) =>
      equalBytes(createHmac("sha1", key).update(content).digest(), signature),
    ),
  );
  return valid ? accepted : refuse("wrong-signature");
}

/** Everything that Twilio may have signed for a request; nothing where the body is not covered by it. */
export function twilioContents({ url, headers, body }: WebhookRequest): readonly string[] {
  const hash = readQuery(url, "bodySHA256");
  const form = /^application\/x-www-form-urlencoded(?:;|$)/i.test(headers["content-type"] ?? "");
  // Whatever the content type says, which is not signed: a hash in the signed URL holds for this body.
  const hashed = hash === createHash("sha256").update(body).digest("hex");
  if (hash === undefined ? !form && body.length > 0 : !hashed) return [];
  const parameters = form && hash === undefined ? sortedParameters(body) : "";
  return spellings(url).map((spelling) => spelling + parameters);
}

/** Names in order, each with its different values in order. */
function sortedParameters(body: Uint8Array): string {
  const given = [...new URLSearchParams(Buffer.from(body).toString())];
  const byName = Map.groupBy(given, ([name]) => name);
  return [...byName]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, pairs]) => {
      const values = new Set(pairs.map(([, value]) => value));
      return [...values].toSorted().map((value) => name + value);
    })
    .join("");
}

/** Twilio signs some URLs with their port, some without, and the query in a former or the present encoding. */
function spellings(url: string): readonly string[] {
  const parsed = URL.parse(url);
  if (parsed === null) return [];
  const { protocol, hostname, port, pathname, search, searchParams } = parsed;
  const former = [...searchParams].map((pair) => pair.map(encodeURIComponent).join("="));
  const queries = [search, former.length === 0 ? "" : `?${former.join("&")}`];
  const ports = ["", `:${port || (protocol === "https:" ? "443" : "80")}`];
  const all = queries.flatMap((query) =>
    ports.map((given) => `${protocol}//${hostname}${given}${pathname}${query}`),
  );
  return [...new Set(all)];
}
