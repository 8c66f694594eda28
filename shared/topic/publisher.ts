import { Fault, toFault } from "#shared/errors";
import { backoff, type ClientScope, noteUse, type Ports, sentJson } from "#shared/function";
import type { DriverSendResult, SendResult } from "#shared/queue";
import type * as z from "zod";
import { CloudEvent, encodeCloudEvent, EventText } from "./cloud-event.ts";
import type { EventSchemas, TopicRef } from "./topic.ts";

export type PublishOptions = {
  /** An id of the caller's, by which receivers recognise a repeat; for a single event only. */
  readonly id?: string;
  /** What the event is about, within its topic: the id of an order. */
  readonly subject?: string;
};

const MAX_ATTEMPTS = 4;

/** Publishes typed events to one topic. Same behaviour over every driver. */
export class TopicPublisher<E extends EventSchemas> {
  readonly #ref: TopicRef<E>;
  readonly #ports: Pick<Ports, "topic" | "clock" | "random">;
  readonly #scope: ClientScope;

  constructor(
    ref: TopicRef<E>,
    ports: Pick<Ports, "topic" | "clock" | "random">,
    scope: ClientScope,
  ) {
    this.#ref = ref;
    this.#ports = ports;
    this.#scope = scope;
  }

  /**
   * Publishes one or several events of a type; resolves after they are durable, with one result per event in order.
   * What a busy topic refused is tried again, and nothing else of the batch. An event may still arrive more than once,
   * always with the same id. Throws, and publishes nothing, for data that does not fit the schema
   * (`invalid_argument`) and when the topic as a whole failed.
   */
  async publish<T extends keyof E & string>(
    type: T,
    data: z.input<E[T]> | readonly z.input<E[T]>[],
    options: PublishOptions = {},
  ): Promise<SendResult[]> {
    const items: readonly unknown[] = Array.isArray(data) ? data : [data];
    this.#check(options, items.length);
    const events = items.map((item) => this.#event(type, item, options));
    const limit = this.#ports.topic.maxEventBytes;
    const faults = new Map<CloudEvent, Fault>();
    for (const event of events) {
      if (Buffer.byteLength(encodeCloudEvent(event)) > limit) {
        faults.set(event, this.#tooLarge(limit));
      }
    }
    const fitting = events.filter((event) => !faults.has(event));
    await this.#hand(fitting, faults);
    return events.map((event) => {
      const fault = faults.get(event);
      return fault === undefined ? { ok: true, id: event.id } : { ok: false, id: event.id, fault };
    });
  }

  /** Publishes until all is published, nothing more can be, or the attempts are used up; notes what is not. */
  async #hand(events: readonly CloudEvent[], faults: Map<CloudEvent, Fault>): Promise<void> {
    let pending = events;
    let whole: Fault | undefined;
    for (let attempt = 1; pending.length > 0 && attempt <= MAX_ATTEMPTS; attempt += 1) {
      whole = undefined;
      try {
        if (attempt > 1) await backoff(this.#ports, attempt - 1, this.#scope.signal);
        const results = await this.#attempt(pending);
        for (const [index, event] of pending.entries()) this.#note(event, results[index], faults);
      } catch (thrown) {
        whole = this.#classified(thrown);
        for (const event of pending) faults.set(event, whole);
      }
      pending = pending.filter((event) => faults.get(event)?.retryable === true);
    }
    if (whole !== undefined && events.every((event) => faults.get(event) === whole)) throw whole;
  }

  async #attempt(events: readonly CloudEvent[]): Promise<readonly DriverSendResult[]> {
    const { signal, used } = this.#scope;
    signal.throwIfAborted();
    const { topic } = this.#ports;
    const results = await topic.publish(this.#ref.name, events, signal);
    for (const event of events) {
      noteUse(used, "topicPublish", topic, Buffer.byteLength(encodeCloudEvent(event)));
    }
    return results;
  }

  #note(
    event: CloudEvent,
    result: DriverSendResult | undefined,
    faults: Map<CloudEvent, Fault>,
  ): void {
    if (result?.ok === true) faults.delete(event);
    else if (result !== undefined) faults.set(event, this.#classified(result.error));
    else faults.set(event, this.#fault("internal", "the driver gave no result; report it"));
  }

  #check({ id, subject }: PublishOptions, count: number): void {
    if (id !== undefined && count !== 1) {
      throw this.#fault("invalid_argument", "one id for several events; publish them one by one");
    }
    for (const [name, text] of Object.entries({ id, subject })) {
      if (text === undefined || EventText.safeParse(text).success) continue;
      throw this.#fault(
        "invalid_argument",
        `${name} is empty, too long or has control characters; use plain text of at most 1024 bytes`,
      );
    }
  }

  #event(type: string, data: unknown, { id, subject }: PublishOptions): CloudEvent {
    const { tenant, traceparent, event } = this.#scope;
    return {
      specversion: "1.0",
      id: id ?? this.#ports.random.uuid(),
      type,
      // A caller's id is its tenant's own, and CloudEvents wants source and id together to be unique.
      source: `/tenants/${encodeURIComponent(tenant)}/topics/${this.#ref.name}`,
      ...(subject === undefined ? {} : { subject }),
      time: new Date(this.#ports.clock.now()).toISOString(),
      datacontenttype: "application/json",
      auteritytenant: tenant,
      ...(traceparent === "" ? {} : { traceparent }),
      ...(event === undefined ? {} : { auterityevent: event }),
      data: this.#json(type, data),
    };
  }

  #json(type: string, data: unknown): CloudEvent["data"] {
    const { events } = this.#ref;
    const schema = Object.hasOwn(events, type) ? events[type] : undefined;
    if (schema === undefined) {
      throw this.#fault("invalid_argument", `"${type}" is no event of this topic; declare it`);
    }
    const sent = sentJson(data, schema, "data");
    if (!sent.ok) throw this.#fault("invalid_argument", sent.problem);
    const object = CloudEvent.shape.data.safeParse(sent.json);
    if (object.success) return object.data;
    throw this.#fault("invalid_argument", "data is no object; publish an object");
  }

  #classified(thrown: unknown): Fault {
    const { signal } = this.#scope;
    if (signal.aborted) return toFault(signal.reason, "cancelled");
    const driver = this.#ports.topic;
    const details = { topic: this.#ref.name, driver: driver.name };
    return toFault(thrown, driver.codeOf(thrown) ?? "internal", { origin: "platform", details });
  }

  #tooLarge(limit: number): Fault {
    return this.#fault(
      "too_large",
      `the event is larger than ${limit} bytes; store the payload and publish its key`,
    );
  }

  #fault(code: Fault["code"], what: string): Fault {
    return new Fault(code, `topic.publish: ${what}`, { details: { topic: this.#ref.name } });
  }
}
