/** A part of what a vendor signs: fixed text, or something of the request. */
export type ContentPart = string | { readonly part: "body" | "timestamp" | "id" };

/** When the request was signed. */
export type TimestampRule = {
  readonly header: string;
  readonly unit: "seconds" | "milliseconds";
  /** How far the time may lie in the past, and in the future. */
  readonly toleranceSeconds: number;
};

/** What the schemes that compute a signature have in common. */
type Signed = {
  /** Lower-case name of the header that carries the signature. */
  readonly header: string;
  readonly encoding: "hex" | "base64";
  /** What stands before each signature, such as `sha256=`. */
  readonly prefix?: string;
  /** Set where the vendor sends several signatures in one header, for key rotation; any valid one is enough. */
  readonly separator?: "," | " ";
  readonly timestamp?: TimestampRule;
  /** Lower-case name of the header that carries the id, where the id is signed. */
  readonly idHeader?: string;
  readonly content: readonly ContentPart[];
};

export type HmacScheme = Signed & {
  readonly kind: "hmac";
  readonly algorithm: "sha1" | "sha256" | "sha512";
  /** How the connection's secret text becomes key bytes. `whsec` is base64 after an optional `whsec_`. */
  readonly secret?: "utf8" | "base64" | "whsec";
};

/** The connection's secret is the vendor's public key: 32 bytes as hex. */
export type Ed25519Scheme = Signed & { readonly kind: "ed25519" };

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, symmetric form. */
export type StandardWebhooksScheme = {
  readonly kind: "standard-webhooks";
  readonly toleranceSeconds: number;
};

/** A header that carries the secret itself: no proof of the body, but all some vendors offer. */
export type StaticHeaderScheme = {
  readonly kind: "static-header";
  readonly header: string;
  readonly prefix?: string;
};

/** How a vendor proves that a webhook is its own, as data: one engine reads all of these. */
export type WebhookScheme =
  | HmacScheme
  | Ed25519Scheme
  | StandardWebhooksScheme
  | StaticHeaderScheme;

/** A scheme with a computed signature, in the engine's own terms. */
export type SignedScheme = HmacScheme | Ed25519Scheme;

/** The signed form of a scheme; `undefined` where nothing is computed. */
export function toSigned(scheme: WebhookScheme): SignedScheme | undefined {
  if (scheme.kind === "static-header") return undefined;
  if (scheme.kind !== "standard-webhooks") return scheme;
  return {
    kind: "hmac",
    algorithm: "sha256",
    secret: "whsec",
    header: "webhook-signature",
    encoding: "base64",
    prefix: "v1,",
    separator: " ",
    idHeader: "webhook-id",
    timestamp: {
      header: "webhook-timestamp",
      unit: "seconds",
      toleranceSeconds: scheme.toleranceSeconds,
    },
    content: [{ part: "id" }, ".", { part: "timestamp" }, ".", { part: "body" }],
  };
}
