import { codes } from "./codes.ts";
import { type Fault, httpStatus } from "./fault.ts";

/** RFC 9457 problem details (https://www.rfc-editor.org/rfc/rfc9457) with our three members. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly origin: string;
  readonly details?: Fault["details"];
};

/**
 * Renders a fault for a caller. `instance` is the invocation id. A defect of ours (`internal` from `self`)
 * keeps its message to itself: it may quote anything.
 */
export function toProblem(fault: Fault, instance: string): Problem {
  const hidden = fault.code === "internal" && fault.origin === "self";
  return {
    type: `/docs/errors#${fault.code}`,
    title: codes[fault.code].meaning,
    status: httpStatus(fault),
    detail: hidden ? "an unexpected failure; report it with the instance id" : fault.message,
    instance,
    code: fault.code,
    origin: fault.origin,
    ...(Object.keys(fault.details).length === 0 || hidden ? {} : { details: fault.details }),
  };
}

/**
 * Headers that go with a problem: its media type, Retry-After in whole seconds where known, and with a 405 the Allow
 * that it has to carry (RFC 9110 §15.5.6).
 */
export function problemHeaders(fault: Fault): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (fault.retryAfterMs !== undefined) {
    headers["retry-after"] = String(Math.max(1, Math.ceil(fault.retryAfterMs / 1000)));
  }
  const { allowed } = fault.details;
  if (fault.code === "method_not_allowed" && typeof allowed === "string") {
    headers["allow"] = allowed;
  }
  return headers;
}
