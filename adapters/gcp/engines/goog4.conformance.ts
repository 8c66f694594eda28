import { createHash, type KeyObject, verify } from "node:crypto";

/** A request as it came over the wire. */
export type SignedRequest = { readonly method: string; readonly url: URL };

/**
 * Whether a URL carries a valid signature of Google's fourth version by the owner of this key, written from its
 * description and not with the SDK's signer, so that the two check each other.
 * https://cloud.google.com/storage/docs/authentication/canonical-requests
 */
export function isSignedUrl({ method, url }: SignedRequest, key: KeyObject): boolean {
  const { searchParams } = url;
  const query = [...searchParams].filter(([name]) => name !== "X-Goog-Signature");
  const [, ...scope] = (searchParams.get("X-Goog-Credential") ?? "").split("/");
  const canonical = [
    method,
    url.pathname,
    query
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .toSorted()
      .join("&"),
    // The client signs the name without the port, which the service's own address does not have.
    `host:${url.hostname}\n`,
    "host",
    "UNSIGNED-PAYLOAD",
  ].join("\n");
  const text = [
    "GOOG4-RSA-SHA256",
    searchParams.get("X-Goog-Date") ?? "",
    scope.join("/"),
    createHash("sha256").update(canonical).digest("hex"),
  ].join("\n");
  const signature = Buffer.from(searchParams.get("X-Goog-Signature") ?? "", "hex");
  return (
    /^\d+$/.test(searchParams.get("X-Goog-Expires") ?? "") &&
    searchParams.get("X-Goog-SignedHeaders") === "host" &&
    verify("sha256", Buffer.from(text), key, signature)
  );
}

/** When a signed URL ends, in epoch milliseconds. */
export function endOf(url: URL): number {
  const date = url.searchParams.get("X-Goog-Date") ?? "";
  const iso = date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5");
  return Date.parse(iso) + Number(url.searchParams.get("X-Goog-Expires")) * 1000;
}
