import { Fault, toFault } from "#shared/errors";
import type { Clock, Random } from "#shared/function";
import type { Failure } from "./classify.ts";
import { exchange, type Exchange, type HttpResponse } from "./exchange.ts";
import { checkUrl } from "./guard.ts";
import { checkHeaders } from "./headers.ts";
import type { Pace } from "./pace.ts";
import type { Sockets } from "./sockets.ts";
import type { HttpStream } from "./stream.ts";
import { failureOf, vendorFault, unconfirmed } from "./vendor-fault.ts";
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
  /** Sends one request, once, and gives a success when its head is there. */
  stream(request: VendorStreamRequest): Promise<HttpStream>;
};

const MAX_ATTEMPTS = 3;
const MAX_REDIRECTS = 3;
const BASE_WAIT_MS = 200;
const MAX_WAIT_MS = 5_000;

/**
 * The one way out to third parties. Guards against internal addresses; ends every attempt by its timeout and by
 * the invocation's signal; repeats reads and repeatable writes with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/) as long as time is left, and
 * other writes only if they were never sent. Throws Faults from `upstream`; `details.outcome` is "unknown"
 * when an unrepeatable write may have taken effect.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, random } = options;
  return {
    async request(request) {
      checkHeaders(request.headers ?? {});
      const url = checkUrl(request.url, options.allowedOrigins ?? []);
      for (let number = 1; ; number++) {
        const outcome = await attempt(options, request, url);
        if (outcome.ok) return outcome.response;
        const { fault, repeatable } = outcome;
        if (!repeatable || number === MAX_ATTEMPTS) throw fault;
        const waitMs = nextWaitMs(number, fault.retryAfterMs, random);
        if (waitMs >= request.remainingMs()) throw fault;
        await clock.sleep(waitMs, request.signal);
      }
    },
    stream: (request) => openVendorStream(options, request),
  };
}

type Outcome =
  | { readonly ok: true; readonly response: HttpResponse }
  | { readonly ok: false; readonly fault: Fault; readonly repeatable: boolean };

async function attempt(
  options: HttpClientOptions,
  request: HttpRequest,
  url: URL,
): Promise<Outcome> {
  const safe = isRead(request) || request.repeatable === true;
  let sent = false;
  const refused = (fault: Fault): Outcome => ({
    ok: false,
    fault: safe || !sent ? fault : unconfirmed(fault),
    repeatable: fault.retryable && (safe || !sent) && !request.signal.aborted,
  });
  const arrived = await options.pace?.enter({ ...request, url });
  let response: HttpResponse;
  try {
    response = await follow(options, request, url, () => {
      sent = true;
    });
  } catch (error) {
    arrived?.(toFault(error));
    if (Fault.is(error)) return refused(error);
    throw error;
  }
  arrived?.(response);
  const failure = failureOf(request, response, options.clock.now());
  if (failure === undefined) return { ok: true, response };
  return refused(vendorFault(url, response.status, failure));
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

function isRead(request: HttpRequest): boolean {
  return request.method === "GET" || request.method === "HEAD";
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

function nextWaitMs(attemptsMade: number, askedMs: number | undefined, random: Random): number {
  const ceilingMs = Math.min(MAX_WAIT_MS, BASE_WAIT_MS * 2 ** attemptsMade);
  // Never before the vendor's own time; the jitter keeps its callers from returning all at once.
  return (askedMs ?? 0) + random.next() * ceilingMs;
}
