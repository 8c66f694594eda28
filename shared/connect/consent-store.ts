import { store, type Store } from "#shared/state";
import * as z from "zod";

export const PendingConsent = z.object({
  /** A digest of the state's nonce. */
  id: z.string(),
  integration: z.string(),
  name: z.string(),
  /** The verifier of PKCE, sealed. */
  verifier: z.string(),
  redirectUri: z.string(),
  subject: z.string(),
});

export type PendingConsent = z.infer<typeof PendingConsent>;

/** Consents that were begun, each until it is answered or for ten minutes. */
export const pendingConsents = store("pending-consents", {
  schema: PendingConsent,
  partition: "id",
  sort: "id",
  ttl: true,
});

export type ConsentStore = Pick<
  Store<PendingConsent, Pick<PendingConsent, "id">>,
  "create" | "get" | "delete"
>;
