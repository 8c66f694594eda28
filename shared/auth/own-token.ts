import type { Auth } from "./auth.ts";
import type { AuthConnection } from "./authorize.ts";

/**
 * Signs a token (JWT, RS256, an hour) in the name of the connection's own account, which `iss` and `sub` then are. Throws
 * `failed_precondition` from `caller` for a key that is none.
 */
export type OwnToken = (
  audience: string,
  claims: Readonly<Record<string, unknown>>,
) => Promise<string>;

/** The signer of a connection whose method has a key of its own; `undefined` for one whose method has none. */
export function ownTokenOf(
  method: Auth | undefined,
  connection: AuthConnection,
  now: () => number,
): OwnToken | undefined {
  if (method?.kind !== "service-account") return undefined;
  return async (audience, claims) => {
    const { selfSignedToken } = await import("./google-account.ts");
    return selfSignedToken(audience, connection, now(), claims);
  };
}
