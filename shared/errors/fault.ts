import { type Code, codes } from "./codes.ts";

/** Who has to act: the caller, a third party, the cloud underneath, or us. */
export type Origin = "caller" | "upstream" | "platform" | "self";

export type FaultInit = {
  readonly origin?: Origin;
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
  /** Safe to log and to return: identifiers and field names, never payloads or secrets. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
};

// A symbol brand, not `instanceof`: two bundles may each carry a copy of this class.
const brand = Symbol.for("auterity.fault");

/**
 * The one error of this repository. The message reads `<area>.<operation>: <what is wrong>; <what to do>`,
 * in lower case, without a secret or a payload in it.
 */
export class Fault extends Error {
  readonly [brand] = true;
  override readonly name = "Fault";
  readonly code: Code;
  readonly origin: Origin;
  readonly retryAfterMs: number | undefined;
  readonly details: NonNullable<FaultInit["details"]>;

  constructor(code: Code, message: string, init: FaultInit = {}) {
    super(message, { cause: init.cause });
    this.code = code;
    this.origin = init.origin ?? "self";
    this.retryAfterMs = init.retryAfterMs;
    this.details = init.details ?? {};
  }

  /** Whether the same call may succeed later. */
  get retryable(): boolean {
    return codes[this.code].retryable;
  }

  /** True for a Fault of this or any other bundle. */
  static is(value: unknown): value is Fault {
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** Anything thrown becomes a Fault exactly once; a Fault passes through untouched. */
export function toFault(thrown: unknown, code: Code = "internal", init: FaultInit = {}): Fault {
  if (Fault.is(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Fault(code, message, { ...init, cause: thrown });
}

/** What may be logged of anything thrown: a Fault's own message; of any other error, which may quote a payload, its name. */
export function safeReason(thrown: unknown): string {
  if (Fault.is(thrown)) return `${thrown.code}: ${thrown.message}`;
  return thrown instanceof Error ? `unexpected ${thrown.name}` : `unexpected ${typeof thrown}`;
}

/** The status our caller sees. A third party's 401 is not our caller's 401: it leaves as 502 or 503. */
export function httpStatus(fault: Fault): number {
  if (fault.origin === "caller" || fault.origin === "self") return codes[fault.code].status;
  return fault.retryable ? 503 : 502;
}
