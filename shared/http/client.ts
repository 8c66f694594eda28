import { type Code, Fault } from "#shared/errors";
import type { Clock, Random } from "#shared/function";
import { classifyStatus, type Failure } from "./classify.ts";
import { exchange, type Exchange, type HttpResponse } from "./exchange.ts";
import { checkUrl } from "./guard.ts";
import { checkHeaders } from "./headers.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { Sockets } from "./sockets.ts";

export type HttpClientOptions = {
  readonly clock: Clock;
  readonly random: Random;
  readonly sockets: Sockets;
  /** Exact origins that may be plain http or internal: an operator's base URL, the sandbox. */
  readonly allowedOrigins?: readonly string[];
  readonly maxResponseBytes?: number;
  readonly connectTimeoutSeconds?: number;
};

export type HttpRequest = {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** The other side keeps this write to one effect by its key, so it may be sent again. */
  readonly keyed?: boolean;
  /** For one attempt, from the first byte sent to the last one read. */
  readonly timeoutSeconds?: number;
  /** Ends all attempts. */
  readonly signal: AbortSignal;
  /** Time left for all attempts together. */
  readonly remainingMs: () => number;
  /** Finds failures that the status hides; `undefined` leaves it to the status. */
  readonly failureOf?: (response: HttpResponse) => Failure | undefined;
};

export type HttpClient = { request(request: HttpRequest): Promise<HttpResponse> };

const MAX_ATTEMPTS = 3;
const MAX_REDIRECTS = 3;
const BASE_WAIT_MS = 200;
const MAX_WAIT_MS = 5_000;

/**
 * The one way out to third parties. Guards against internal addresses; ends every attempt by its timeout and by
 * the invocation's signal; repeats reads and keyed writes with full jitter
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
  const safe = isRead(request) || request.keyed === true;
  let sent = false;
  let fault: Fault;
  try {
    const response = await follow(options, request, url, () => {
      sent = true;
    });
    const failure = failureOf(request, response, options.clock.now());
    if (failure === undefined) return { ok: true, response };
    fault = vendorFault(url, response.status, failure);
  } catch (error) {
    if (!Fault.is(error)) throw error;
    fault = error;
  }
  const unknown = !safe && sent && mayHaveHappened.has(fault.code);
  return {
    ok: false,
    fault: unknown ? withUnknownOutcome(fault) : fault,
    repeatable: fault.retryable && (safe || !sent) && !request.signal.aborted,
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
    if (location === undefined) return response;
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
    maxBytes: options.maxResponseBytes ?? 8 * 1024 * 1024,
  };
}

function isRead(request: HttpRequest): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

/** Codes that leave open whether a write took effect: the other side broke off, or never answered. */
const mayHaveHappened: ReadonlySet<Code> = new Set<Code>([
  "unavailable",
  "deadline_exceeded",
  "cancelled",
  "internal",
  "too_large",
]);

function withUnknownOutcome(fault: Fault): Fault {
  return new Fault(fault.code, fault.message, {
    origin: fault.origin,
    cause: fault,
    details: { ...fault.details, outcome: "unknown" },
    ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
  });
}

function failureOf(
  request: HttpRequest,
  response: HttpResponse,
  nowMs: number,
): Failure | undefined {
  const named = request.failureOf?.(response);
  const code = named?.code ?? classifyStatus(response.status);
  if (code === undefined) return undefined;
  const waitMs = named?.retryAfterMs ?? retryAfterMs(response.headers["retry-after"], nowMs);
  return { code, reason: named?.reason, retryAfterMs: waitMs };
}

function vendorFault(url: URL, status: number, failure: Failure): Fault {
  const reason = failure.reason === undefined ? "" : ` (${printable(failure.reason)})`;
  return new Fault(
    failure.code,
    `http.request: ${url.host} answered ${status}${reason}; see the vendor's documentation`,
    {
      origin: "upstream",
      details: { status },
      ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    },
  );
}

/** What a vendor calls its errors goes into logs and answers: one short line of harmless characters. */
function printable(reason: string): string {
  return reason
    .replaceAll(/[^\w.,:/-]+/g, " ")
    .trim()
    .slice(0, 120);
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
