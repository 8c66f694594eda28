/** What asking people for consent takes; no function that only calls vendors loads it. */
export function loadConsent(): Promise<typeof import("./oauth-grant.ts")> {
  return import("./oauth-grant.ts");
}
