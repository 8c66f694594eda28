import { Fault, toFault } from "#shared/errors";
import { type ClientScope, noteUse, type Ports, sentJson } from "#shared/function";
import { claimCheck } from "./claims.ts";
import { encodeEnvelope } from "./codec.ts";
import type { DriverSendResult, OutgoingMessage } from "./driver.ts";
import { type Envelope, MAX_MESSAGE_BODY_BYTES } from "./envelope.ts";
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

/** What a sender works with; bodies that are too large for the queue become blobs. */
export type QueuePorts = Pick<Ports, "queue" | "blob" | "clock" | "random">;

/** A message as the queue takes it, or why there is none. */
type Packed =
  | { readonly id: string; readonly text: string }
  | { readonly id: string; readonly fault: Fault };

/** Sends typed messages into one queue. Same behaviour over every driver. */
export class QueueSender<Body> {
  readonly #ref: QueueRef<Body>;
  readonly #ports: QueuePorts;
  readonly #scope: ClientScope;

  constructor(ref: QueueRef<Body>, ports: QueuePorts, scope: ClientScope) {
    this.#ref = ref;
    this.#ports = ports;
    this.#scope = scope;
  }

  /**
   * Puts one or several messages into the queue; resolves after they are durable, with one result per message in
   * order. A body of more than the queue takes is stored and claimed; one of more than 4.5 MB is `too_large`. Throws,
   * and sends nothing, for a body that does not fit the schema (`invalid_argument`), for a delay this queue cannot hold
   * (`unimplemented`), and when the queue as a whole failed.
   */
  async send(body: Body | readonly Body[], options: SendOptions = {}): Promise<SendResult[]> {
    const delaySeconds = this.#delay(options.delaySeconds ?? 0);
    const bodies: readonly unknown[] = Array.isArray(body) ? body : [body];
    if (options.id !== undefined && bodies.length !== 1) {
      throw this.#fault("invalid_argument", "one id for several messages; send them one by one");
    }
    const envelopes = bodies.map((item) => this.#envelope(item, options.id));
    const packed = await Promise.all(envelopes.map((envelope) => this.#pack(envelope)));
    const outgoing = packed.flatMap((one) =>
      "text" in one ? [{ body: one.text, delaySeconds }] : [],
    );
    const sent = await this.#hand(outgoing);
    let next = 0;
    return packed.map((one) =>
      "text" in one
        ? this.#result(one.id, sent[next++])
        : { ok: false, id: one.id, fault: one.fault },
    );
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

  #envelope(body: unknown, id: string | undefined): Envelope {
    return {
      v: 1,
      id: id ?? this.#ports.random.uuid(),
      attempt: 1,
      enqueuedAtMs: this.#ports.clock.now(),
      tenant: this.#scope.tenant,
      traceparent: this.#scope.traceparent,
      ...(this.#scope.event === undefined ? {} : { event: this.#scope.event }),
      body: this.#json(body),
    };
  }

  async #pack(envelope: Envelope): Promise<Packed> {
    const { id } = envelope;
    const { maxBodyBytes } = this.#ports.queue;
    const text = encodeEnvelope(envelope);
    const sizeBytes = Buffer.byteLength(text);
    if (sizeBytes <= Math.min(maxBodyBytes, MAX_MESSAGE_BODY_BYTES)) return { id, text };
    if (Buffer.byteLength(JSON.stringify(envelope.body)) > MAX_MESSAGE_BODY_BYTES) {
      return { id, fault: this.#tooLarge() };
    }
    if (sizeBytes <= maxBodyBytes) return { id, text };
    try {
      const { leaveBody } = await claimCheck();
      return { id, text: encodeEnvelope(await leaveBody(envelope, this.#ports, this.#scope)) };
    } catch (thrown) {
      return { id, fault: toFault(thrown) };
    }
  }

  #json(body: unknown): Envelope["body"] {
    const sent = sentJson(body, this.#ref.schema, "body");
    if (sent.ok) return sent.json;
    throw this.#fault("invalid_argument", sent.problem);
  }

  async #hand(messages: readonly OutgoingMessage[]): Promise<readonly DriverSendResult[]> {
    if (messages.length === 0) return [];
    const driver = this.#ports.queue;
    try {
      const sent = await driver.send(this.#ref.name, messages, this.#scope.signal);
      for (const { body } of messages) {
        noteUse(this.#scope.used, "queueSend", driver, Buffer.byteLength(body));
      }
      return sent;
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

  #tooLarge(): Fault {
    return this.#fault(
      "too_large",
      `the body has more than ${MAX_MESSAGE_BODY_BYTES} bytes; store it in a bucket and send its key`,
    );
  }

  #fault(code: Fault["code"], what: string): Fault {
    return new Fault(code, `queue.send: ${what}`, { details: { queue: this.#ref.name } });
  }
}
