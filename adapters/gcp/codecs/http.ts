import type { IncomingHttpHeaders } from "node:http";
import { bodyBytes, type HttpInput } from "#shared/function";
import { checkHeaders, clientAddress, type HttpCodec } from "#shared/host";

/** What we read of the request that the Functions Framework hands over. */
export type GcpRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Absent when there is no body, and already inflated where the request was compressed. */
  readonly rawBody?: Uint8Array;
};

/** An answer, ready to be written to the framework's response. */
export type GcpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  /** Text stays text: Node writes it together with the head, bytes in a second piece. */
  readonly body: string | Uint8Array;
};

/** A request on the wire to a function's container. */
export type GcpNativeRequest = {
  readonly method: string;
  /** Path and query, raw. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** The answer on the wire, with Node's reading of its headers. */
export type GcpNativeResponse = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
};

const EMPTY = new Uint8Array();

/** Taken off by Google's front end: https://cloud.google.com/functions/docs/reference/headers */
const HOP_BY_HOP = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Cloud Run functions through the Functions Framework. Two things happen before us and cannot be undone: a
 * compressed body arrives inflated with its `content-encoding` still there, which a signature check has to refuse,
 * and a body that is not what its content type says is answered by the framework.
 */
export const gcpHttpCodec = {
  runtime: "gcp",

  decode(request) {
    const { path, query } = splitTarget(request.url);
    const headers = flat(request.headers);
    return {
      method: request.method,
      path,
      query,
      headers,
      body: request.rawBody ?? EMPTY,
      clientIp: clientAddress(headers["x-forwarded-for"]),
    };
  },

  encode(output) {
    checkHeaders(output);
    return output;
  },

  emulate(input) {
    const body = bodyBytes(input);
    return {
      method: input.method,
      target: input.query === "" ? input.path : `${input.path}?${input.query}`,
      headers: forwarded(input, body.length),
      body,
    };
  },

  render(response) {
    const { "set-cookie": cookies = [], ...headers } = response.headers;
    return { status: response.status, headers: flat(headers), cookies, body: response.body };
  },
} satisfies HttpCodec<GcpRequest, GcpAnswer, GcpNativeRequest, GcpNativeResponse>;

// A request line may also carry a whole URL: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
function splitTarget(target: string): { path: string; query: string } {
  const start = target.startsWith("/") ? 0 : target.indexOf("/", target.indexOf("://") + 3);
  const local = target.slice(Math.max(0, start));
  const mark = local.indexOf("?");
  return mark < 0
    ? { path: local, query: "" }
    : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) result[name] = typeof value === "string" ? value : value.join(", ");
  }
  return result;
}

/** What Google's front end makes of the headers: hop-by-hop ones gone, the caller's address appended. */
function forwarded({ headers, clientIp }: HttpInput, bodyLength: number): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!HOP_BY_HOP.has(name)) result[name] = value;
  }
  if (bodyLength > 0) result["content-length"] = String(bodyLength);
  if (clientIp !== undefined) {
    const claimed = headers["x-forwarded-for"];
    result["x-forwarded-for"] = claimed === undefined ? clientIp : `${claimed}, ${clientIp}`;
  }
  return result;
}
