import type { Code } from "#shared/errors";

/** Why an answer of a third party counts as a failure. */
export type Failure = {
  readonly code: Code;
  /** The vendor's own name of the error; short, without payload. */
  readonly reason?: string | undefined;
  readonly retryAfterMs?: number | undefined;
};

const byStatus: Readonly<Record<number, Code>> = {
  401: "unauthenticated",
  402: "resource_exhausted",
  403: "permission_denied",
  404: "not_found",
  408: "deadline_exceeded",
  409: "failed_precondition",
  410: "not_found",
  412: "failed_precondition",
  413: "too_large",
  425: "unavailable",
  429: "resource_exhausted",
  501: "unimplemented",
  504: "deadline_exceeded",
};

/**
 * The failure category of a status (https://www.rfc-editor.org/rfc/rfc9110#section-15); `undefined` for 2xx.
 * Redirects that were not followed count as failed preconditions: the integration's base URL is out of date.
 */
export function classifyStatus(status: number): Code | undefined {
  if (status >= 200 && status < 300) return undefined;
  const known = byStatus[status];
  if (known !== undefined) return known;
  if (status >= 500) return "unavailable";
  return status >= 400 ? "invalid_argument" : "failed_precondition";
}
