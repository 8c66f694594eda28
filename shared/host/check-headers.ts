import { Fault } from "#shared/errors";
import type { HttpOutput } from "#shared/function";

// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 and #section-5.5
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\u0020-\u007E\u0080-\u00FF]*$/;

/**
 * Throws `internal` for an answer whose headers or cookies no HTTP message can carry, before half of it is written;
 * the message names the header, never its value.
 */
export function checkHeaders({ headers, cookies }: Pick<HttpOutput, "headers" | "cookies">): void {
  for (const name in headers) check(name, headers[name] ?? "");
  for (const cookie of cookies) check("set-cookie", cookie);
}

function check(name: string, value: string): void {
  if (NAME.test(name) && VALUE.test(value)) return;
  throw new Fault(
    "internal",
    `host.headers: ${JSON.stringify(name)} cannot be sent; use visible characters without line breaks`,
  );
}
