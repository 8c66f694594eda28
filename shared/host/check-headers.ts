import { validateHeaderName, validateHeaderValue } from "node:http";
import { Fault } from "#shared/errors";
import type { HttpOutput } from "#shared/function";

/**
 * Throws `internal` for an answer whose headers or cookies no HTTP message can carry, before half of it is written;
 * the message names the header, never its value. https://www.rfc-editor.org/rfc/rfc9110#section-5.5
 */
export function checkHeaders({ headers, cookies }: Pick<HttpOutput, "headers" | "cookies">): void {
  for (const name in headers) check(name, headers[name] ?? "");
  for (const cookie of cookies) check("set-cookie", cookie);
}

function check(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new Fault(
      "internal",
      `host.headers: ${JSON.stringify(name)} cannot be sent; use visible ASCII without line breaks`,
    );
  }
}
