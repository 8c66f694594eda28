import { Fault, toFault } from "#shared/errors";
import type { Random } from "#shared/function";
import type { HttpClientOptions, HttpRequest } from "./client.ts";
import type { HttpResponse, OnSent } from "./exchange.ts";
import { checkUrl } from "./guard.ts";
import { failureOf, unconfirmed, vendorFault } from "./vendor-fault.ts";

/** What decides over another attempt. */
export type Repeated = Omit<
  HttpRequest,
  "body" | "headers" | "maxResponseBytes" | "timeoutSeconds"
>;

/** What one attempt brought: what failures are looked for in, and what the caller gets if there is none. */
export type Brought<T> = { readonly response: HttpResponse; readonly answer: T };

const MAX_ATTEMPTS = 3;
const BASE_WAIT_MS = 200;
const MAX_WAIT_MS = 5_000;

/** Sends up to three times, each time paced, until there is an answer that is no failure. */
export async function repeatedly<T>(
  options: HttpClientOptions,
  request: Repeated,
  send: (url: URL, onSent: OnSent) => Promise<Brought<T>>,
): Promise<T> {
  const url = checkUrl(request.url, options.allowedOrigins ?? []);
  for (let number = 1; ; number++) {
    const outcome = await attempt(options, request, url, send);
    if (outcome.ok) return outcome.answer;
    const { fault, repeatable } = outcome;
    if (!repeatable || number === MAX_ATTEMPTS) throw fault;
    const waitMs = nextWaitMs(number, fault.retryAfterMs, options.random);
    if (waitMs >= request.remainingMs()) throw fault;
    await options.clock.sleep(waitMs, request.signal);
  }
}

type Outcome<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly fault: Fault; readonly repeatable: boolean };

async function attempt<T>(
  options: HttpClientOptions,
  request: Repeated,
  url: URL,
  send: (url: URL, onSent: OnSent) => Promise<Brought<T>>,
): Promise<Outcome<T>> {
  const safe = isRead(request) || request.repeatable === true;
  let sent = false;
  const refused = (fault: Fault): Outcome<T> => ({
    ok: false,
    fault: safe || !sent ? fault : unconfirmed(fault),
    repeatable: fault.retryable && (safe || !sent) && !request.signal.aborted,
  });
  const arrived = await options.pace?.enter({ ...request, url });
  let brought: Brought<T>;
  try {
    brought = await send(url, () => {
      sent = true;
    });
  } catch (error) {
    arrived?.(toFault(error));
    if (Fault.is(error)) return refused(error);
    throw error;
  }
  const { response, answer } = brought;
  arrived?.(response);
  const failure = failureOf(request, response, options.clock.now());
  if (failure === undefined) return { ok: true, answer };
  return refused(vendorFault(url, response.status, failure));
}

/** A request without an effect of its own. */
export function isRead({ method }: Pick<HttpRequest, "method">): boolean {
  return method === "GET" || method === "HEAD";
}

function nextWaitMs(attemptsMade: number, askedMs: number | undefined, random: Random): number {
  const ceilingMs = Math.min(MAX_WAIT_MS, BASE_WAIT_MS * 2 ** attemptsMade);
  // Never before the vendor's own time; the jitter keeps its callers from returning all at once.
  return (askedMs ?? 0) + random.next() * ceilingMs;
}
