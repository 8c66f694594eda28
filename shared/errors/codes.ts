type Traits = {
  /** HTTP status when our caller has to act (RFC 9110). */
  readonly status: number;
  /** Whether the same call may succeed later without anything being changed. */
  readonly retryable: boolean;
  /** One line for people, rendered into `docs/errors.md`. */
  readonly meaning: string;
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
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    meaning: "No identity or no valid signature came with the call.",
  },
  permission_denied: {
    status: 403,
    retryable: false,
    meaning: "The identity is known and may not do this.",
  },
  not_found: {
    status: 404,
    retryable: false,
    meaning: "What the call names does not exist.",
  },
  method_not_allowed: {
    status: 405,
    retryable: false,
    meaning: "The path exists and does not answer this method.",
  },
  already_exists: {
    status: 409,
    retryable: false,
    meaning: "What the call creates exists already.",
  },
  aborted: {
    status: 409,
    retryable: true,
    meaning: "Another writer was faster, more often than the retry budget allows.",
  },
  failed_precondition: {
    status: 412,
    retryable: false,
    meaning: "The stored state is not the one the call was based on.",
  },
  too_large: {
    status: 413,
    retryable: false,
    meaning: "The payload is larger than every target can carry.",
  },
  key_reused: {
    status: 422,
    retryable: false,
    meaning: "The idempotency key was used before with another payload.",
  },
  resource_exhausted: {
    status: 429,
    retryable: true,
    meaning: "A rate or quota is used up.",
  },
  cancelled: {
    status: 499,
    retryable: false,
    meaning: "The caller went away.",
  },
  internal: {
    status: 500,
    retryable: false,
    meaning: "A defect on our side.",
  },
  unimplemented: {
    status: 501,
    retryable: false,
    meaning: "The chosen driver or target cannot do this.",
  },
  unavailable: {
    status: 503,
    retryable: true,
    meaning: "Something underneath is down or unreachable.",
  },
  deadline_exceeded: {
    status: 504,
    retryable: true,
    meaning: "The work did not finish in its time.",
  },
} as const satisfies Record<string, Traits>;

/** A failure category. */
export type Code = keyof typeof codes;
