import { Fault } from "#shared/errors";
import type { Clock, Random } from "#shared/function";
import { isRead, repeatedly } from "./attempts.ts";
import type { Failure } from "./classify.ts";
import { exchange, type Exchange, type HttpResponse } from "./exchange.ts";
import { checkHeaders } from "./headers.ts";
import type { Pace } from "./pace.ts";
import type { Sockets } from "./sockets.ts";
import type { HttpStream } from "./stream.ts";
import { openVendorStream, type VendorStreamRequest } from "./vendor-stream.ts";

export type HttpClientOptions = {
  readonly clock: Clock;
  readonly random: Random;
  readonly sockets: Sockets;
  /** Exact origins that may be plain http or internal: an operator's base URL, the sandbox. */
  readonly allowedOrigins?: readonly string[];
  readonly maxResponseBytes?: number;
  readonly connectTimeoutSeconds?: number;
  /** Holds requests back while the other side is overrun or down. */
  readonly pace?: Pace;
};

export type HttpRequest = {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** A repeat of this write has no second effect: it carries a key, or is one by nature. Reads need not say so. */
  readonly repeatable?: boolean;
  /** Statuses that are an answer although they are no success. */
  readonly accept?: readonly number[];
  /** The longest answer; the client's when left out. */
  readonly maxResponseBytes?: number;
  /** For one attempt, from the first byte sent to the last one read. */
  readonly timeoutSeconds?: number;
  /** Ends all attempts. */
  readonly signal: AbortSignal;
  /** Time left for all attempts together. */
  readonly remainingMs: () => number;
  /** Finds failures that the status hides; `undefined` leaves it to the status. */
  readonly failureOf?: (response: HttpResponse) => Failure | undefined;
};

export type HttpClient = {
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Sends a request and gives a success as soon as its head is there; what happens after it is not repeated. */
  stream(request: VendorStreamRequest): Promise<HttpStream>;
};

const MAX_REDIRECTS = 3;

/**
 * The one way out to third parties. Guards against internal addresses; ends every attempt by its timeout and by
 * the invocation's signal; repeats reads and repeatable writes with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/) as long as time is left, and
 * other writes only if they were never sent. Throws Faults from `upstream`; `details.outcome` is "unknown"
 * when an unrepeatable write may have taken effect.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return {
    async request(request) {
      checkHeaders(request.headers ?? {});
      return repeatedly(options, request, async (url, onSent) => {
        const response = await follow(options, request, url, onSent);
        return { response, answer: response };
      });
    },
    stream: (request) =>
      repeatedly(options, request, (_, onSent) => openVendorStream(options, request, onSent)),
  };
}

async function follow(
  options: HttpClientOptions,
  request: HttpRequest,
  start: URL,
  onSent: () => void,
): Promise<HttpResponse> {
  let url = start;
  for (let hop = 0; ; hop++) {
    const response = await exchange(
      options.sockets,
      options.clock,
      plan(options, request, url),
      onSent,
    );
    const location = redirectOf(response, url);
    if (location === undefined || request.accept?.includes(response.status) === true) {
      return response;
    }
    if (location.origin !== url.origin) throw leftHost(url);
    if (!isRead(request) || hop === MAX_REDIRECTS) return response;
    url = location;
  }
}

function plan(options: HttpClientOptions, request: HttpRequest, url: URL): Exchange {
  const timeoutMs = (request.timeoutSeconds ?? 10) * 1000;
  return {
    method: request.method,
    url,
    allowed: options.allowedOrigins?.includes(url.origin) === true,
    headers: request.headers ?? {},
    body: request.body,
    signal: request.signal,
    connectMs: (options.connectTimeoutSeconds ?? 3) * 1000,
    totalMs: Math.max(1, Math.min(timeoutMs, request.remainingMs())),
    maxBytes: request.maxResponseBytes ?? options.maxResponseBytes ?? 8 * 1024 * 1024,
  };
}

function redirectOf(response: HttpResponse, base: URL): URL | undefined {
  const location = response.headers["location"];
  if (response.status < 300 || response.status > 399 || location === undefined) return undefined;
  return URL.parse(location, base.href) ?? undefined;
}

function leftHost(url: URL): Fault {
  return new Fault(
    "permission_denied",
    `http.redirect: ${url.host} redirects to another host, which is not followed; correct the base url`,
    { origin: "upstream" },
  );
}
