// RFC 6750 section 2.1 (https://www.rfc-editor.org/rfc/rfc6750#section-2.1); the scheme's case is free (RFC 9110).
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * The bearer token of a request with lower-case header names. `undefined` when there is none, and when
 * `authorization` came more than once: joined values name no single token.
 */
export function bearerToken(headers: Readonly<Record<string, string>>): string | undefined {
  return BEARER.exec(headers["authorization"] ?? "")?.[1];
}
