import type { Documents } from "./documents.ts";

/** A webhook as it came: the untouched bytes, and the address as the vendor was given it. */
export type WebhookRequest = {
  readonly method: string;
  /** Absolute, percent-encoded as it came, with query. */
  readonly url: string;
  /** Lower-case names; repeated ones joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** What a connection believes. */
export type Trust = {
  /** The current and the previous secret, tried in turn, for rotation. */
  readonly secrets: readonly string[];
  readonly nowMs: number;
  /** Where the vendor's published keys and certificates come from. */
  readonly documents: Documents;
};

/** Why a webhook is not believed. Goes into logs and metrics; the sender only learns that it was refused. */
export type Refusal =
  | "no-secret"
  | "encoded-body"
  | "missing-signature"
  | "malformed-signature"
  | "missing-timestamp"
  | "malformed-timestamp"
  | "stale"
  | "missing-id"
  | "malformed-id"
  | "malformed-body"
  | "wrong-algorithm"
  | "wrong-claim"
  | "wrong-sender"
  | "unknown-key"
  | "wrong-signature";

export type Refused = { readonly ok: false; readonly reason: Refusal };
export type Verdict = { readonly ok: true } | Refused;

export const accepted: Verdict = { ok: true };

export function refuse(reason: Refusal): Refused {
  return { ok: false, reason };
}
