import { Fault, toFault } from "#shared/errors";
import type { ClientScope, Ports } from "#shared/function";
import type { DriverSendResult, OutgoingMessage } from "./driver.ts";
import { encodeEnvelope } from "./codec.ts";
import type { Envelope } from "./envelope.ts";
import type { QueueRef } from "./queue.ts";

/** What became of one message. */
export type SendResult =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly id: string; readonly fault: Fault };

export type SendOptions = {
  /** Not visible before this many seconds have passed. */
  readonly delaySeconds?: number;
  /** An id of the caller's, by which receivers recognise a repeat; for a single message only. */
  readonly id?: string;
};

type Draft = { readonly id: string; readonly body: string };

/** Sends typed messages into one queue. Same behaviour over every driver. */
export class QueueSender<Body> {
  readonly #ref: QueueRef<Body>;
  readonly #ports: Pick<Ports, "queue" | "clock" | "random">;
  readonly #scope: ClientScope;

  constructor(
    ref: QueueRef<Body>,
    ports: Pick<Ports, "queue" | "clock" | "random">,
    scope: ClientScope,
  ) {
    this.#ref = ref;
    this.#ports = ports;
    this.#scope = scope;
  }

  /**
   * Puts one or several messages into the queue; resolves after they are durable, with one result per message in
   * order. Throws, and sends nothing, for a body that does not fit the schema (`invalid_argument`), for a delay
   * this queue cannot hold (`unimplemented`), and when the queue as a whole failed.
   */
  async send(body: Body | readonly Body[], options: SendOptions = {}): Promise<SendResult[]> {
    const delaySeconds = this.#delay(options.delaySeconds ?? 0);
    const bodies: readonly unknown[] = Array.isArray(body) ? body : [body];
    if (options.id !== undefined && bodies.length !== 1) {
      throw this.#fault("invalid_argument", "one id for several messages; send them one by one");
    }
    const drafts = bodies.map((item) => this.#draft(item, options.id));
    const limit = this.#ports.queue.maxBodyBytes;
    const fits = (draft: Draft): boolean => Buffer.byteLength(draft.body) <= limit;
    const sent = await this.#hand(
      drafts.filter(fits).map(({ body: text }) => ({ body: text, delaySeconds })),
    );
    let next = 0;
    return drafts.map((draft) => {
      if (!fits(draft)) return { ok: false, id: draft.id, fault: this.#tooLarge(limit) };
      return this.#result(draft.id, sent[next++]);
    });
  }

  #delay(seconds: number): number {
    const { name, maxDelaySeconds } = this.#ports.queue;
    if (!Number.isFinite(seconds) || seconds < 0) {
      throw this.#fault("invalid_argument", "delaySeconds must not be negative");
    }
    const whole = Math.ceil(seconds);
    if (whole <= maxDelaySeconds) return whole;
    throw this.#fault(
      "unimplemented",
      `${name} holds a message back for at most ${maxDelaySeconds} s; use a shorter delaySeconds`,
    );
  }

  #draft(body: unknown, id: string | undefined): Draft {
    const envelope: Envelope = {
      v: 1,
      id: id ?? this.#ports.random.uuid(),
      attempt: 1,
      enqueuedAtMs: this.#ports.clock.now(),
      tenant: this.#scope.tenant,
      traceparent: this.#scope.traceparent,
      ...(this.#scope.event === undefined ? {} : { event: this.#scope.event }),
      body: this.#json(body),
    };
    return { id: envelope.id, body: encodeEnvelope(envelope) };
  }

  // The schema judges what the receiver will read, not the object in hand: a Date or a class would change on the way.
  #json(body: unknown): Envelope["body"] {
    const text: string | undefined = JSON.stringify(body);
    const json: Envelope["body"] | undefined = text === undefined ? undefined : JSON.parse(text);
    const parsed = this.#ref.schema.safeParse(json);
    if (parsed.success && json !== undefined) return json;
    const field = parsed.error?.issues[0]?.path.join(".") || "body";
    throw this.#fault("invalid_argument", `${field} does not fit the queue's schema; correct it`);
  }

  async #hand(messages: readonly OutgoingMessage[]): Promise<readonly DriverSendResult[]> {
    if (messages.length === 0) return [];
    const driver = this.#ports.queue;
    try {
      return await driver.send(this.#ref.name, messages, this.#scope.signal);
    } catch (thrown) {
      throw this.#classified(thrown);
    }
  }

  #result(id: string, sent: DriverSendResult | undefined): SendResult {
    if (sent?.ok === true) return { ok: true, id };
    const missing = this.#fault("internal", "the driver gave no result; report it");
    return { ok: false, id, fault: sent === undefined ? missing : this.#classified(sent.error) };
  }

  #classified(thrown: unknown): Fault {
    const { signal } = this.#scope;
    if (signal.aborted) return toFault(signal.reason, "cancelled");
    const driver = this.#ports.queue;
    const details = { queue: this.#ref.name, driver: driver.name };
    return toFault(thrown, driver.codeOf(thrown) ?? "internal", { origin: "platform", details });
  }

  #tooLarge(limit: number): Fault {
    return this.#fault(
      "too_large",
      `the message is larger than ${limit} bytes; store the payload and send its key`,
    );
  }

  #fault(code: Fault["code"], what: string): Fault {
    return new Fault(code, `queue.send: ${what}`, { details: { queue: this.#ref.name } });
  }
}
