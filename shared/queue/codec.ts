import { Fault } from "#shared/errors";
import { parseJson } from "#shared/function";
import { Envelope } from "./envelope.ts";

/** The text a broker stores for an envelope. */
export function encodeEnvelope(envelope: Envelope): string {
  return JSON.stringify(envelope);
}

/**
 * Reads what {@link encodeEnvelope} wrote. Throws `invalid_argument` for text that is none of ours: nothing in
 * the message can be trusted then, not even its tenant.
 */
export function decodeEnvelope(text: string): Envelope {
  const raw = parseJson(text, { name: "queue.decode" });
  const parsed = Envelope.safeParse(raw);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".") || "envelope";
  throw undecodable(`does not fit at ${field}`);
}

/** The envelope of the next attempt: the same message, counted once more. */
export function nextAttempt(envelope: Envelope): Envelope {
  return { ...envelope, attempt: envelope.attempt + 1 };
}

function undecodable(what: string): Fault {
  return new Fault(
    "invalid_argument",
    `queue.decode: the message ${what}; send through a queue client`,
  );
}
