import { createHash, createHmac } from "node:crypto";

/** A request as it came over the wire. */
export type SignedRequest = { readonly method: string; readonly url: URL; readonly host: string };

/**
 * Whether a URL carries a valid signature of Amazon's fourth version, written from its description and not with the
 * SDK's signer, so that the two check each other.
 * https://docs.aws.amazon.com/AmazonS3/latest/developerguide/sigv4-query-string-auth.html
 */
export function isSignedUrl({ method, url, host }: SignedRequest, secret: string): boolean {
  const query = [...url.searchParams].filter(([name]) => name !== "X-Amz-Signature");
  const signedHeaders = url.searchParams.get("X-Amz-SignedHeaders") ?? "";
  const date = url.searchParams.get("X-Amz-Date") ?? "";
  const [, ...scope] = (url.searchParams.get("X-Amz-Credential") ?? "").split("/");
  const canonical = [
    method,
    url.pathname,
    query
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .toSorted()
      .join("&"),
    `host:${host}\n`,
    signedHeaders,
    "UNSIGNED-PAYLOAD",
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", date, scope.join("/"), hash(canonical)].join("\n");
  const key = scope.reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`);
  return (
    signedHeaders === "host" &&
    hmac(key, text).toString("hex") === url.searchParams.get("X-Amz-Signature")
  );
}

/** When a signed URL ends, in epoch milliseconds. */
export function endOf(url: URL): number {
  const date = url.searchParams.get("X-Amz-Date") ?? "";
  const iso = date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5");
  return Date.parse(iso) + Number(url.searchParams.get("X-Amz-Expires")) * 1000;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
