import type { ServerResponse } from "node:http";
import type { GcpAnswer } from "./codecs/http.ts";

/** Writes an answer by Node's own means: Express would invent a content type and an etag. */
export function sendAnswer(
  response: ServerResponse,
  { status, headers, cookies, body }: GcpAnswer,
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader("set-cookie", [...cookies]);
  // Node leaves the body out for HEAD, 204 and 304.
  response.end(body);
}
