type Traits = {
  /** HTTP status when our caller has to act (RFC 9110). */
  readonly status: number;
  /** Whether the same call may succeed later without anything being changed. */
  readonly retryable: boolean;
  /** One line for people, rendered into `docs/errors.md`. */
  readonly meaning: string;
  /** What to do next, rendered into `docs/errors.md`. */
  readonly remedy: string;
};

/**
 * The only failure categories in this repository: the gRPC names where one exists
 * (https://grpc.io/docs/guides/status-codes/), three of our own where HTTP callers need the difference.
 * Branch on the code, never on the message.
 */
export const codes = {
  invalid_argument: {
    status: 400,
    retryable: false,
    meaning: "The input does not have the agreed shape.",
    remedy: "Correct the field that the detail names and send it again.",
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    meaning: "No identity or no valid signature came with the call.",
    remedy: "Send the bearer token, or sign the webhook with the connection's secret.",
  },
  permission_denied: {
    status: 403,
    retryable: false,
    meaning: "The identity is known and may not do this.",
    remedy: "Grant the permission, or call with another identity.",
  },
  not_found: {
    status: 404,
    retryable: false,
    meaning: "What the call names does not exist.",
    remedy: "Check the name; the catalogue lists what exists.",
  },
  method_not_allowed: {
    status: 405,
    retryable: false,
    meaning: "The path exists and does not answer this method.",
    remedy: "Use one of the methods in the Allow header.",
  },
  already_exists: {
    status: 409,
    retryable: false,
    meaning: "What the call creates exists already.",
    remedy: "Read the existing one, or choose another key.",
  },
  aborted: {
    status: 409,
    retryable: true,
    meaning: "Another writer was faster, more often than the retry budget allows.",
    remedy: "Try again; if it persists, spread the load over more keys.",
  },
  failed_precondition: {
    status: 412,
    retryable: false,
    meaning: "The stored state is not the one the call was based on.",
    remedy: "Read again and repeat the change on the fresh state.",
  },
  too_large: {
    status: 413,
    retryable: false,
    meaning: "The payload is larger than every target can carry.",
    remedy: "Send less, or put the payload into a blob and send its key.",
  },
  key_reused: {
    status: 422,
    retryable: false,
    meaning: "The idempotency key was used before with another payload.",
    remedy: "Use a new key for a new payload.",
  },
  resource_exhausted: {
    status: 429,
    retryable: true,
    meaning: "A rate or quota is used up.",
    remedy: "Wait as long as Retry-After says.",
  },
  cancelled: {
    status: 499,
    retryable: false,
    meaning: "The caller went away.",
    remedy: "Nothing, if that was intended.",
  },
  internal: {
    status: 500,
    retryable: false,
    meaning: "A defect on our side.",
    remedy: "Report it with the instance id.",
  },
  unimplemented: {
    status: 501,
    retryable: false,
    meaning: "The chosen driver or target cannot do this.",
    remedy: "Choose another driver, or drop the option that the detail names.",
  },
  unavailable: {
    status: 503,
    retryable: true,
    meaning: "Something underneath is down or unreachable.",
    remedy: "Try again later.",
  },
  deadline_exceeded: {
    status: 504,
    retryable: true,
    meaning: "The work did not finish in its time.",
    remedy: "Raise limits.timeoutSeconds, or do less per call.",
  },
} as const satisfies Record<string, Traits>;

/** A failure category. */
export type Code = keyof typeof codes;
