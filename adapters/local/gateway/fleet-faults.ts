import { Fault } from "#shared/errors";

/** The caller pinned a runtime that there is not. */
export function unknownRuntime(runtime: string, known: readonly string[]): Fault {
  return new Fault(
    "invalid_argument",
    `fleet.decide: there is no runtime "${runtime.slice(0, 20)}"; use ${known.join(", ")}`,
    { origin: "caller" },
  );
}

/** Nothing that may have the call is up. */
export function nothingUp(what: string): Fault {
  return new Fault("unavailable", `fleet.decide: no host of ${what} is up; try again shortly`, {
    origin: "platform",
    retryAfterMs: 1_000,
    // Nothing was sent to anyone.
    details: { outcome: "none" },
  });
}

/** A call was made twice, and this was not the one that answered first, or its caller waits no longer. */
export function answeredElsewhere(): Fault {
  return new Fault(
    "cancelled",
    "fleet.call: the call was decided without this answer; it is billed all the same",
    { origin: "platform" },
  );
}
