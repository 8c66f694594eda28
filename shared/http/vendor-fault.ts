import { type Code, Fault } from "#shared/errors";
import { classifyStatus, type Failure } from "./classify.ts";
import type { HttpRequest } from "./client.ts";
import type { HttpResponse } from "./exchange.ts";
import { rateLimitResetMs } from "./rate-limit.ts";
import { retryAfterMs } from "./retry-after.ts";

/** What an answer says against the other side, if anything. */
export function failureOf(
  { failureOf: named, accept }: Pick<HttpRequest, "failureOf" | "accept">,
  response: HttpResponse,
  nowMs: number,
): Failure | undefined {
  const failure = named?.(response);
  if (failure === undefined && accept?.includes(response.status) === true) return undefined;
  const code = failure?.code ?? classifyStatus(response.status);
  if (code === undefined) return undefined;
  const waitMs =
    failure?.retryAfterMs ??
    retryAfterMs(response.headers["retry-after"], nowMs) ??
    (code === "resource_exhausted" ? rateLimitResetMs(response.headers, nowMs) : undefined);
  return { code, reason: failure?.reason, retryAfterMs: waitMs };
}

/** A failure as a Fault. */
export function vendorFault(url: URL, status: number, failure: Failure): Fault {
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

/** Codes that leave open whether a write took effect: the other side broke off, or never answered. */
const mayHaveHappened: ReadonlySet<Code> = new Set<Code>([
  "unavailable",
  "deadline_exceeded",
  "cancelled",
  "internal",
  "too_large",
]);

/** The fault of a write that was sent and not confirmed: `details.outcome` is "unknown" where it may have happened. */
export function unconfirmed(fault: Fault): Fault {
  return mayHaveHappened.has(fault.code) ? withUnknownOutcome(fault) : fault;
}

/** The same fault with the detail `outcome: "unknown"`. */
export function withUnknownOutcome(fault: Fault): Fault {
  return new Fault(fault.code, fault.message, {
    origin: fault.origin,
    cause: fault,
    details: { ...fault.details, outcome: "unknown" },
    ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
  });
}
