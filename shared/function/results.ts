/** What a queue handler decides about its message. */
export type QueueOutcome =
  | { readonly kind: "ack" }
  | { readonly kind: "retry"; readonly afterSeconds: number; readonly reason: string }
  | { readonly kind: "dead-letter"; readonly reason: string };

const done: QueueOutcome = { kind: "ack" };

/** The message is handled. */
export function ack(): QueueOutcome {
  return done;
}

/** Deliver the message again, not before `afterSeconds`; after `maxAttempts` it is dead-lettered. */
export function retry(options: { afterSeconds: number; reason: string }): QueueOutcome {
  return { kind: "retry", ...options };
}

/** Put the message aside at once: no further attempt can succeed. */
export function deadLetter(reason: string): QueueOutcome {
  return { kind: "dead-letter", reason };
}

const replyBrand = Symbol.for("auterity.reply");

/** An HTTP answer other than "200 with the returned value as JSON". */
export type Reply = {
  readonly [replyBrand]: true;
  readonly status: number;
  /** JSON unless it is text or bytes; `undefined` sends no body. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Set-Cookie lines, one entry each. */
  readonly cookies: readonly string[];
};

/** Answers with a status, a body (a string and bytes go as they are, anything else as JSON), headers, cookies. */
export function reply(
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
  cookies: readonly string[] = [],
): Reply {
  return { [replyBrand]: true, status, body, headers, cookies };
}

/** True for what {@link reply} made. */
export function isReply(value: unknown): value is Reply {
  return typeof value === "object" && value !== null && replyBrand in value;
}
