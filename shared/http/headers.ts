import { Fault } from "#shared/errors";

// RFC 9110 §5.6.2 and §5.5; obs-text is left out because nobody agrees on its encoding.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\u0020-\u007e]*$/;

/** Headers that frame the message or name its target: only the client sets them. */
const OWNED = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Checks headers before they reach a socket. Throws `invalid_argument` for names and values that could end the
 * line early, and for headers that frame the message. The message never quotes a value.
 */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name)) throw refuse("a header name", "holds characters no header name may have");
    if (OWNED.has(name.toLowerCase())) throw refuse(`header ${name}`, "is set by the client");
    if (!VALUE.test(value)) throw refuse(`header ${name}`, "holds control or non-ascii characters");
  }
}

function refuse(what: string, why: string): Fault {
  return new Fault("invalid_argument", `http.headers: ${what} ${why}; remove it`);
}
