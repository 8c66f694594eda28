import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { Fault } from "#shared/errors";
import { bodyBytes, type HttpInput } from "#shared/function";
import { checkHeaders, clientAddress, type HttpCodec } from "#shared/host";
import { formatSetCookie, parseSetCookie } from "./cookies.ts";
import { AzureInvocationResponse, type AzureTrigger } from "./rpc.ts";

/** Statuses that carry no body; the library would throw for one: https://fetch.spec.whatwg.org/#null-body-status */
const BODILESS = new Set([204, 205, 304]);

/**
 * Azure Functions' HTTP trigger, programming model v4, with an empty route prefix in host.json. A cookie without
 * a path leaves with `path=/`, which the host adds.
 */
export const azureHttpCodec = {
  runtime: "azure",

  async decode(request) {
    // `request.query` and `request.params` come comma-joined and decoded from the host; the URL is raw.
    const { path, query } = splitUrl(request.url);
    const headers: Record<string, string> = {};
    // Half the price of `Object.fromEntries`, on the hot path.
    request.headers.forEach((value, name) => {
      headers[name] = value;
    });
    return {
      method: request.method.toUpperCase(),
      path,
      query,
      headers,
      body: new Uint8Array(await request.arrayBuffer()),
      clientIp: clientAddress(headers["x-forwarded-for"]),
    };
  },

  encode(output) {
    const bodiless = BODILESS.has(output.status) || output.body.length === 0;
    // The library would refuse an invalid header after us, when nobody can answer for it any more.
    checkHeaders(output);
    return {
      status: output.status,
      headers: output.headers,
      // Headers leave through a map, where the last Set-Cookie wins; only this structure keeps all.
      cookies: output.cookies.map(parseSetCookie),
      // Always bytes: for a string the library would invent a content type.
      ...(bodiless ? {} : { body: bodyBytes(output) }),
    };
  },

  emulate(input) {
    const query = input.query === "" ? "" : `?${input.query}`;
    return {
      data: {
        http: {
          method: input.method,
          url: `https://${input.headers["host"] ?? "localhost"}${input.path}${query}`,
          headers: forwarded(input),
          params: {},
          query: joinedQuery(input.query),
          body: input.body.length === 0 ? null : { bytes: bodyBytes(input) },
        },
      },
    };
  },

  render(response) {
    const parsed = AzureInvocationResponse.safeParse(response);
    if (!parsed.success) {
      throw new Fault("internal", "azure.http: the worker's answer is no invocation response");
    }
    const http = parsed.data.returnValue?.http;
    // The host's own words for a worker that failed: a bare 500.
    if (parsed.data.status === "failure")
      return { status: 500, headers: {}, cookies: [], body: "" };
    if (http === undefined) return { status: 204, headers: {}, cookies: [], body: "" };
    return {
      status: Number(http.statusCode),
      headers: http.headers,
      cookies: http.cookies.map(formatSetCookie),
      body: http.body?.bytes ?? "",
    };
  },
} satisfies HttpCodec<HttpRequest, HttpResponseInit, AzureTrigger, unknown>;

/** The front end appends the caller's address and port to whatever the caller claimed. */
function forwarded({ headers, clientIp }: HttpInput): Record<string, string> {
  if (clientIp === undefined) return headers;
  const address = clientIp.includes(":") ? `[${clientIp}]:50000` : `${clientIp}:50000`;
  const claimed = headers["x-forwarded-for"];
  return {
    ...headers,
    "x-forwarded-for": claimed === undefined ? address : `${claimed}, ${address}`,
  };
}

/** As the host does it: repeated names comma-joined, empty values dropped. */
function joinedQuery(query: string): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    if (value === "") continue;
    joined[name] = joined[name] === undefined ? value : `${joined[name]},${value}`;
  }
  return joined;
}

/** The library gives an absolute URL that was parsed already; parsing it again would cost more than the pipeline. */
function splitUrl(url: string): { path: string; query: string } {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const mark = url.indexOf("?", start);
  return mark < 0
    ? { path: url.slice(start), query: "" }
    : { path: url.slice(start, mark), query: url.slice(mark + 1) };
}
