import { Fault } from "#shared/errors";
import type { Auth } from "./auth.ts";

/** What a vendor gave in exchange for credentials. Lives between the exchange and the encrypted store. */
export type IssuedTokens = {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** `undefined` for a token that does not end. */
  readonly expiresAtMs: number | undefined;
};

/** Gets tokens from a vendor; `refreshToken` is there where the last ones came with one. One exchange, no retry of its own. */
export type Obtain = (refreshToken: string | undefined) => Promise<IssuedTokens>;

/** Methods whose requests carry a token that is obtained first and used until it ends. */
export type TokenMethod = Extract<
  Auth,
  { readonly kind: "oauth2" | "client-credentials" | "service-account" | "github-app" | "exchange" }
>;

/** True for a method whose requests carry a token that is obtained first. */
export function isTokenMethod(method: Auth): boolean {
  return TOKEN_KINDS.has(method.kind);
}

const TOKEN_KINDS: ReadonlySet<Auth["kind"]> = new Set<TokenMethod["kind"]>([
  "client-credentials",
  "exchange",
  "github-app",
  "oauth2",
  "service-account",
]);

/** Where tokens are kept between calls, and what keeps the callers from fetching them all at once. */
export type TokenCache = {
  /**
   * A token that is good for at least a moment. `refused` is one that the vendor has just refused: another one is
   * given, or the reason why there is none is thrown.
   */
  token(obtain: Obtain, refused?: string): Promise<string>;
};

/** True for a failure that only a person can end: what the connection has is no longer taken. */
export function isRevoked(thrown: unknown): boolean {
  return Fault.is(thrown) && thrown.details["revoked"] === true;
}
