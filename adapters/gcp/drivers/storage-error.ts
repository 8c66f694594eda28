import type { Code } from "#shared/errors";

/** The object was replaced between the look at its metadata and the read of that very generation. */
export class Replaced extends Error {}

// https://cloud.google.com/storage/docs/json_api/v1/status-codes
const codes: ReadonlyMap<unknown, Code> = new Map<unknown, Code>([
  [400, "invalid_argument"],
  [401, "unauthenticated"],
  [403, "permission_denied"],
  [404, "not_found"],
  [408, "deadline_exceeded"],
  [412, "failed_precondition"],
  [413, "too_large"],
  [429, "resource_exhausted"],
  [500, "unavailable"],
  [502, "unavailable"],
  [503, "unavailable"],
  [504, "deadline_exceeded"],
  ["ECONNREFUSED", "unavailable"],
  ["ECONNRESET", "unavailable"],
  ["ENOTFOUND", "unavailable"],
  ["EAI_AGAIN", "unavailable"],
  ["EPIPE", "unavailable"],
  ["ERR_STREAM_PREMATURE_CLOSE", "unavailable"],
  ["ESOCKETTIMEDOUT", "deadline_exceeded"],
  ["ETIMEDOUT", "deadline_exceeded"],
]);

/** The category of an error of Cloud Storage's client; `undefined` for what is none of its. */
export function codeOfStorage(error: unknown): Code | undefined {
  if (error instanceof Replaced) return "aborted";
  return codes.get(statusOf(error));
}

/** The HTTP status, or the name of a network error. */
export function statusOf(error: unknown): unknown {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  // Where there was no body the SDK gives the status as text.
  return typeof code === "string" && /^\d{3}$/.test(code) ? Number(code) : code;
}
