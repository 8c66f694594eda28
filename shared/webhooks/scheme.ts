/** A part of what a vendor signs: fixed text, or something of the request. */
export type ContentPart =
  | string
  | { readonly part: "body" | "timestamp" | "id" | "method" }
  /** The address that was called; the percent-encodings of the `decoded` characters are undone first. */
  | { readonly part: "url"; readonly decoded?: string };

/** When the request was signed. A header must be among the signed content; a field is signed with the JSON body. */
export type TimestampRule = ({ readonly header: string } | { readonly field: string }) & {
  readonly unit: "seconds" | "milliseconds";
  /** How far the time may lie in the past, and in the future. */
  readonly toleranceSeconds: number;
};

/** How the connection's secret text becomes key bytes. `whsec` is base64 after an optional `whsec_`. */
export type SecretEncoding = "utf8" | "base64" | "whsec";

type Hashed = {
  readonly algorithm: "sha1" | "sha256" | "sha512";
  readonly secret?: SecretEncoding;
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

export type HmacScheme = Signed & Hashed & { readonly kind: "hmac" };

/** The connection's secret is the vendor's public key: 32 bytes as hex, or as base64 after `whpk_`. */
export type Ed25519Scheme = Signed & { readonly kind: "ed25519" };

/** P-256 with SHA-256 and a DER signature; the connection's secret is the vendor's public key, base64 SPKI. */
export type EcdsaScheme = Signed & { readonly kind: "ecdsa" };

/** A header of `key=value` items that holds the time and one or more signatures, as Stripe's `t=…,v1=…,v1=…`. */
export type ListScheme = Hashed & {
  readonly kind: "list";
  readonly header: string;
  readonly encoding: "hex" | "base64";
  readonly timestampKey: string;
  readonly signatureKey: string;
  readonly toleranceSeconds: number;
  readonly content: readonly ContentPart[];
};

/**
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. The secret decides: HMAC
 * (`v1`) for `whsec_…`, Ed25519 (`v1a`) for a public key, `whpk_…`.
 */
export type StandardWebhooksScheme = {
  readonly kind: "standard-webhooks";
  readonly toleranceSeconds: number;
};

/** HMAC-SHA1 over the URL and the sorted form: https://www.twilio.com/docs/usage/security#validating-requests */
export type TwilioScheme = { readonly kind: "twilio"; readonly header: string };

/**
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html. Everybody can have Amazon sign, so
 * the connection's secret is the topic's ARN.
 */
export type SnsScheme = {
  readonly kind: "sns";
  /** `1` is SHA-1, which topics use unless they are told otherwise. */
  readonly versions: readonly ("1" | "2")[];
  readonly toleranceSeconds: number;
};

/**
 * Where a token is: in a header, or in a field of the JSON body. A body is then no more than the token's envelope, and what
 * the event says is what the token claims, for nothing beside it is signed.
 */
type TokenPlace =
  | { readonly header: string; readonly prefix?: string }
  | { readonly field: string };

/** A JSON Web Token. Where its keys are from decides which algorithms there are, so that none can be mistaken. */
export type JwtScheme = TokenPlace & {
  readonly kind: "jwt";
  readonly keys:
    | {
        readonly jwks: `https://${string}`;
        readonly algorithms: readonly ("RS256" | "ES256")[];
        /**
         * The claims that say who it is. Everybody can have the vendor sign, so the connection's secret is their values,
         * joined by blanks. Unless `aud` is among them it must be the webhook's own URL.
         */
        readonly who: readonly [string, ...string[]];
      }
    /** The connection's secret is the key; `aud` must be the webhook's own URL. */
    | { readonly shared: readonly ("HS256" | "HS512")[] };
  /** Accepted values of `iss`, with claims of `who` in braces; any where it is left out. */
  readonly issuers?: readonly string[];
  /** Claims that must have exactly this value, such as `email_verified: true`. */
  readonly claims?: Readonly<Record<string, string | boolean>>;
  /** How far the clocks may differ. */
  readonly toleranceSeconds: number;
};

/** A header that carries the secret itself: no proof of the body, but all some vendors offer. */
export type StaticHeaderScheme = {
  readonly kind: "static-header";
  readonly header: string;
  readonly prefix?: string;
  /** The secret is `user:password`, which HTTP's basic authentication sends in base64. */
  readonly basic?: true;
};

/** The secret stands in the JSON body; `*` in the path means every item, each of which must carry it. */
export type StaticFieldScheme = { readonly kind: "static-field"; readonly field: string };

/** The secret is a query parameter of the address that the vendor was given. */
export type UrlTokenScheme = { readonly kind: "url-token"; readonly parameter: string };

/**
 * No proof at all. What arrives is only a hint: `control` says what is done about that, and the connection must have
 * the secret that it takes (the credential to fetch with), without which nothing is accepted.
 */
export type NoProofScheme = {
  readonly kind: "none";
  readonly control: "refetch" | "mtls";
  readonly why: string;
};

/** The schemes whose signature is computed over parts of the request alone. */
export type ComputedScheme =
  | HmacScheme
  | Ed25519Scheme
  | EcdsaScheme
  | ListScheme
  | StandardWebhooksScheme;

/** How a vendor proves that a webhook is its own, as data: one engine reads all of these. */
export type WebhookScheme =
  | ComputedScheme
  | TwilioScheme
  | SnsScheme
  | JwtScheme
  | StaticHeaderScheme
  | StaticFieldScheme
  | UrlTokenScheme
  | NoProofScheme;

/** A scheme with a computed signature, in the engine's own terms. */
export type SignedScheme = HmacScheme | Ed25519Scheme | EcdsaScheme | ListScheme;

/** The form in which a secret is used: the scheme itself but for Standard Webhooks, which has two. */
export function formFor(scheme: ComputedScheme, secret: string): SignedScheme {
  if (scheme.kind !== "standard-webhooks") return scheme;
  const common = {
    header: "webhook-signature",
    encoding: "base64",
    separator: " ",
    idHeader: "webhook-id",
    timestamp: {
      header: "webhook-timestamp",
      unit: "seconds",
      toleranceSeconds: scheme.toleranceSeconds,
    },
    content: [{ part: "id" }, ".", { part: "timestamp" }, ".", { part: "body" }],
  } as const;
  return /^wh[ps]k_/.test(secret)
    ? { kind: "ed25519", prefix: "v1a,", ...common }
    : { kind: "hmac", algorithm: "sha256", secret: "whsec", prefix: "v1,", ...common };
}

/** What is wrong with a scheme in itself; `undefined` where nothing is. */
export function schemeDefect(scheme: WebhookScheme | undefined): string | undefined {
  if (scheme === undefined) return "does not say how its webhooks are verified";
  if (scheme.kind === "jwt" && "jwks" in scheme.keys && scheme.issuers === undefined) {
    return "takes tokens of a published key; name their issuers";
  }
  if (!("content" in scheme)) return undefined;
  const signs = (name: string): boolean =>
    scheme.content.some((part) => typeof part !== "string" && part.part === name);
  if (!signs("body")) return "does not have the body signed";
  if (scheme.kind === "list")
    return signs("timestamp") ? undefined : "does not have its time signed";
  if (scheme.timestamp !== undefined && "header" in scheme.timestamp && !signs("timestamp")) {
    return "does not have its time signed";
  }
  return scheme.idHeader === undefined || signs("id") ? undefined : "does not have its id signed";
}
