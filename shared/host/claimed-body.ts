import { safeReason } from "#shared/errors";
import { ack, deadLetter, type Ports, type QueueOutcome } from "#shared/function";
import { claimCheck, type Envelope } from "#shared/queue";
import type { Invocation } from "./invocation.ts";

/** An envelope with its body, or what becomes of a message whose body cannot be had or is not needed any more. */
export type Unclaimed = { readonly envelope: Envelope } | { readonly outcome: QueueOutcome };

/** Brings the body of a message that was too large for its queue. Throws as a bucket does: then it is tried again. */
export async function unclaim(
  envelope: Envelope,
  ports: Ports,
  invocation: Invocation,
): Promise<Unclaimed> {
  if (envelope.claim === undefined) return { envelope };
  const { takeBody } = await claimCheck();
  const taken = await takeBody(envelope, ports, invocation);
  if (taken.kind === "body") return { envelope: { ...envelope, body: taken.body } };
  return { outcome: taken.kind === "handled" ? ack() : deadLetter(taken.reason) };
}

/** Lets go of the body of a handled message; where that fails, it stays until its days are over. */
export async function releaseClaim(
  envelope: Envelope,
  ports: Ports,
  invocation: Invocation,
): Promise<void> {
  if (envelope.claim === undefined) return;
  const { tenant, traceparent, event } = invocation;
  // The invocation's own signal has fired: its handler is done.
  const { signal } = new AbortController();
  try {
    const { dropBody } = await claimCheck();
    await dropBody(envelope, ports, { tenant, traceparent, event, signal });
  } catch (thrown) {
    invocation.log.warn("the content of a handled message was kept", {
      reason: safeReason(thrown),
    });
  }
}
