import { Fault } from "#shared/errors";
import * as z from "zod";
import type { AuthConnection, Credentials } from "./authorize.ts";
import { required } from "./client-proof.ts";
import { expand } from "./config-values.ts";
import { signJwt, validFor } from "./sign-jwt.ts";
import { noToken, readTokens } from "./token-answer.ts";
import type { TokenRequest } from "./token-endpoint.ts";
import type { IssuedTokens, TokenMethod } from "./tokens.ts";

type ServiceAccount = Extract<TokenMethod, { kind: "service-account" }>;

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest; never the one a key file names. */
const GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token";
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const HOUR_MS = 3_600_000;

/** A Google service account's own token, where no exchange is needed. */
export function selfSignedToken(
  audience: string,
  { credentials, config }: AuthConnection,
  nowMs: number,
): string {
  const key = serviceAccountKey(credentials);
  const aud = expand(audience, config);
  const claims = { iss: key.client_email, sub: key.client_email, aud, ...validFor(nowMs) };
  return signJwt(claims, key.private_key, key.private_key_id);
}

/** Exchanges an assertion of the account for an access token or an ID token. */
export async function googleTokens(
  method: ServiceAccount,
  connection: AuthConnection,
  ask: (request: TokenRequest) => Promise<unknown>,
  nowMs: number,
): Promise<IssuedTokens> {
  const key = serviceAccountKey(connection.credentials);
  const asked: Record<string, string> =
    method.idTokenAudience === undefined
      ? { scope: (method.scopes ?? []).join(" ") }
      : { target_audience: expand(method.idTokenAudience, connection.config) };
  const claims = { iss: key.client_email, aud: GOOGLE_TOKEN_URL, ...asked, ...validFor(nowMs) };
  const assertion = signJwt(claims, key.private_key, key.private_key_id);
  const form = { grant_type: JWT_BEARER, assertion };
  const answer = await ask({ url: GOOGLE_TOKEN_URL, repeatable: true, form });
  if (method.idTokenAudience === undefined) return readTokens(answer, nowMs, undefined);
  const issued = z.object({ id_token: z.string().min(1) }).safeParse(answer);
  if (!issued.success) throw noToken();
  return {
    accessToken: issued.data.id_token,
    refreshToken: undefined,
    expiresAtMs: nowMs + HOUR_MS,
  };
}

const ServiceAccountKey = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
});

function serviceAccountKey(credentials: Credentials): z.infer<typeof ServiceAccountKey> {
  try {
    return ServiceAccountKey.parse(JSON.parse(required(credentials, "service-account")));
  } catch {
    throw new Fault(
      "failed_precondition",
      'auth.sign: the connection\'s "service-account" is no key file of Google; store the JSON file as it was downloaded',
      { origin: "caller", details: { field: "service-account" } },
    );
  }
}
