import { readField } from "./place.ts";

/** When a request is a handshake: a field of its JSON body has exactly this value. */
type When = { readonly field: string; readonly equals: string | number };

/**
 * How a vendor makes sure that somebody is there, as data. `echo` sends a field back under its own name;
 * `ping` answers with something fixed. Handshakes are verified like every other request.
 */
export type Handshake =
  | { readonly kind: "echo"; readonly when: When; readonly field: string }
  | {
      readonly kind: "ping";
      readonly when: When;
      readonly status: 200 | 204;
      readonly body?: Readonly<Record<string, string | number>>;
    };

export type HandshakeAnswer = {
  readonly status: number;
  readonly body: Readonly<Record<string, string | number>> | undefined;
};

/** Challenges are tokens, not documents. */
const MAX_ECHO = 1_024;

/** The answer the vendor waits for; `undefined` when the request is an ordinary event. */
export function answerHandshake(
  handshakes: readonly Handshake[],
  payload: unknown,
): HandshakeAnswer | undefined {
  const found = handshakes.find(({ when }) => readField(payload, when.field) === when.equals);
  if (found === undefined) return undefined;
  if (found.kind === "ping") return { status: found.status, body: found.body };
  const value = readField(payload, found.field);
  if (typeof value !== "string" || value.length > MAX_ECHO) return undefined;
  return { status: 200, body: { [found.field]: value } };
}
