import { createHash } from "node:crypto";
import type { AuthConnection } from "./authorize.ts";
import { clientProof, required } from "./client-proof.ts";
import { expand } from "./config-values.ts";
import { at, readTokens } from "./token-answer.ts";
import { askForTokens, type TokenPorts } from "./token-endpoint.ts";
import type { IssuedTokens, TokenMethod } from "./tokens.ts";

export type OAuth2Method = Extract<TokenMethod, { kind: "oauth2" }>;

/** Where the vendor sends the person back to, and what ties that to who started. */
export type Consent = {
  readonly redirectUri: string;
  readonly state: string;
  /** Proves at the exchange that it is made by who started: https://www.rfc-editor.org/rfc/rfc7636 */
  readonly verifier: string;
};

/** The address of the vendor's consent page. */
export function consentUrl(
  method: OAuth2Method,
  connection: AuthConnection,
  consent: Consent,
): string {
  const url = new URL(expand(method.authorizeUrl, connection.config));
  const challenge = createHash("sha256").update(consent.verifier).digest("base64url");
  const parameters = {
    response_type: "code",
    client_id: required(connection.credentials, "client-id"),
    redirect_uri: consent.redirectUri,
    scope: method.scopes.join(method.scopeSeparator ?? " "),
    state: consent.state,
    ...(method.pkce ? { code_challenge: challenge, code_challenge_method: "S256" } : {}),
    ...method.authorizeParameters,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Exchanges the code of the consent page. Throws as `askForTokens`. */
export function exchangeCode(
  method: OAuth2Method,
  connection: AuthConnection,
  ports: TokenPorts,
  { code, redirectUri, verifier }: Omit<Consent, "state"> & { readonly code: string },
): Promise<IssuedTokens> {
  const form = { grant_type: "authorization_code", code, redirect_uri: redirectUri };
  const proven = method.pkce ? { ...form, code_verifier: verifier } : form;
  return exchangeGrant(method, connection, ports, proven, undefined);
}

/**
 * Exchanges a grant of OAuth 2, which is used up by it: a code of the consent page, or a refresh token. `kept` is the
 * refresh token that stays where the answer brings no other.
 */
export async function exchangeGrant(
  method: OAuth2Method,
  { credentials, config }: AuthConnection,
  ports: TokenPorts,
  grant: Readonly<Record<string, string>>,
  kept: string | undefined,
): Promise<IssuedTokens> {
  const nowMs = ports.clock.now();
  const proof = clientProof(method.clientAuth, credentials);
  const request = {
    url: expand(method.tokenUrl, config),
    repeatable: false,
    headers: proof.headers,
    form: { ...grant, ...proof.form },
  };
  const answer = await askForTokens(request, credentials, ports);
  const tokens = method.tokenPath === undefined ? answer : at(answer, method.tokenPath);
  return readTokens(tokens, nowMs, kept);
}
