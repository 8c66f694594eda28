import type * as consent from "./oauth-grant.ts";

/** What asking people for consent takes; no function that only calls vendors loads it. */
export function loadConsent(): Promise<typeof consent> {
  return import("./oauth-grant.ts");
}
