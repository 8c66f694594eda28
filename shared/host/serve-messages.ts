import { Fault, safeReason, toFault } from "#shared/errors";
import {
  ack,
  type Message,
  type QueueOutcome,
  type TopicEvent,
  type WebhookEvent,
} from "#shared/function";
import {
  deadLetterQueue,
  decodeEnvelope,
  encodeEnvelope,
  type Envelope,
  nextAttempt,
} from "#shared/queue";
import * as z from "zod";
import type { Binding } from "./bind.ts";
import { releaseClaim, unclaim } from "./claimed-body.ts";
import type { Delivery, InvocationMeta, Settlement } from "./codecs.ts";
import type { Invocation } from "./invocation.ts";
import { runOnce } from "./once.ts";
import { loadWebhookEvent } from "./webhook-event.ts";

/** How many messages of one batch are worked on at once; they are independent of each other. */
const BATCH_CONCURRENCY = 10;
const LONGEST_BACKOFF_SECONDS = 300;

const Outcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ack") }),
  z.object({ kind: z.literal("retry"), afterSeconds: z.number(), reason: z.string() }),
  z.object({ kind: z.literal("dead-letter"), reason: z.string() }),
]) satisfies z.ZodType<QueueOutcome>;

/** The queue half of a bound function. */
export function createMessageService(
  binding: Binding,
): (deliveries: readonly Delivery[], meta: InvocationMeta) => Promise<readonly Settlement[]> {
  return async (deliveries, meta) => {
    if (deliveries.some(({ group }) => group !== undefined)) {
      return deliverInOrder(binding, deliveries, meta);
    }
    const settlements: Settlement[] = [];
    for (let start = 0; start < deliveries.length; start += BATCH_CONCURRENCY) {
      const slice = deliveries.slice(start, start + BATCH_CONCURRENCY);
      const settled = slice.map(async (delivery) => ({
        handle: delivery.handle,
        done: await deliver(binding, delivery, meta),
      }));
      settlements.push(...(await Promise.all(settled)));
    }
    return settlements;
  };
}

/** A FIFO batch: after the first failure of a group its later messages are handed back untouched. */
async function deliverInOrder(
  binding: Binding,
  deliveries: readonly Delivery[],
  meta: InvocationMeta,
): Promise<readonly Settlement[]> {
  const stopped = new Set<string | undefined>();
  const settlements: Settlement[] = [];
  for (const delivery of deliveries) {
    const done = !stopped.has(delivery.group) && (await deliver(binding, delivery, meta));
    if (!done) stopped.add(delivery.group);
    settlements.push({ handle: delivery.handle, done });
  }
  return settlements;
}

/** True when the broker may forget the message: handled, sent again with a delay, or put aside by us. */
async function deliver(
  binding: Binding,
  delivery: Delivery,
  meta: InvocationMeta,
): Promise<boolean> {
  let envelope: Envelope;
  try {
    const { kind } = binding.definition.trigger;
    envelope =
      kind === "topic"
        ? (await import("./topic-event.ts")).decodeTopicMessage(delivery.body)
        : decodeEnvelope(delivery.body);
  } catch (thrown) {
    return putAsideUndecodable(binding, delivery, meta, toFault(thrown));
  }
  const invocation = binding.invoke({
    id: meta.id,
    tenant: envelope.tenant,
    traceparent: envelope.traceparent,
    event: envelope.event,
    remainingMs: meta.remainingMs,
  });
  try {
    const outcome = await runHandler(binding, envelope, invocation);
    return await settle(binding, { envelope, delivery, invocation }, outcome);
  } catch (thrown) {
    invocation.log.error("message failed", { reason: safeReason(thrown) });
    return false;
  } finally {
    await binding.report(`${invocation.function}/${delivery.handle}`, invocation.used);
  }
}

async function runHandler(
  binding: Binding,
  envelope: Envelope,
  invocation: Invocation,
): Promise<QueueOutcome> {
  const { definition, ports } = binding;
  try {
    const unclaimed = await unclaim(envelope, ports, invocation);
    if ("outcome" in unclaimed) return unclaimed.outcome;
    const input = await messageInput(binding, unclaimed.envelope, invocation);
    const { raw, wrap, isUnwanted } = input;
    if (isUnwanted === true) return ack();
    const prepared = definition.prepare(raw, wrap);
    const key = prepared.idempotencyKey;
    const work = (ctx: Invocation): Promise<unknown> =>
      key === undefined
        ? prepared.run(ctx)
        : runOnce(ports, ctx, definition, key, () => prepared.run(ctx));
    return readOutcome(await invocation.run(work));
  } catch (thrown) {
    return afterFailure(thrown, envelope, invocation);
  }
}

/** A webhook handler may give nothing; and what comes back from the idempotency store is data of unknown shape. */
function readOutcome(outcome: unknown): QueueOutcome {
  const parsed = Outcome.safeParse(outcome ?? { kind: "ack" });
  if (parsed.success) return parsed.data;
  throw new Fault(
    "internal",
    "host.messages: the handler gave no outcome; return ack(), retry(…) or deadLetter(…)",
  );
}

type MessageInput = {
  readonly raw: unknown;
  readonly wrap: (parsed: unknown) => unknown;
  /** Not of a type that the function subscribed to. */
  readonly isUnwanted?: boolean;
};

async function messageInput(
  { definition: { trigger }, ports }: Binding,
  envelope: Envelope,
  invocation: Invocation,
): Promise<MessageInput> {
  if (trigger.kind === "topic") {
    const { data, ...event } = (await import("./topic-event.ts")).topicEvent(envelope);
    return {
      raw: data,
      wrap: (parsed): TopicEvent<unknown> => ({ ...event, data: parsed }),
      // SNS takes up to 15 minutes to filter as it was last told, and Pub/Sub never changes a subscription's filter:
      // https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
      isUnwanted: !trigger.events.includes(event.type),
    };
  }
  if (trigger.kind === "webhook") {
    const event = await loadWebhookEvent(ports, invocation, envelope.body);
    const { payload, ...rest } = event;
    return {
      raw: payload,
      wrap: (parsed): WebhookEvent<unknown> => ({ ...rest, payload: parsed }),
    };
  }
  const { id, attempt, enqueuedAtMs } = envelope;
  return {
    raw: envelope.body,
    wrap: (body): Message<unknown> => ({ id, attempt, enqueuedAtMs, body }),
  };
}

/** A body of the wrong shape never gets better; everything else may, until the attempts are used up. */
function afterFailure(thrown: unknown, envelope: Envelope, invocation: Invocation): QueueOutcome {
  const fault = toFault(thrown);
  const reason = safeReason(thrown);
  const { attempt } = envelope;
  invocation.log.warn("attempt failed", { reason, origin: fault.origin, attempt });
  if (fault.code === "invalid_argument" && fault.origin === "caller") {
    return { kind: "dead-letter", reason };
  }
  const ceiling = Math.min(LONGEST_BACKOFF_SECONDS, 2 ** envelope.attempt);
  const backoffSeconds = Math.max(1, Math.ceil(ceiling * invocation.random.next()));
  const afterSeconds = Math.ceil((fault.retryAfterMs ?? 0) / 1000) || backoffSeconds;
  return { kind: "retry", afterSeconds, reason };
}

type Handled = {
  readonly envelope: Envelope;
  readonly delivery: Delivery;
  readonly invocation: Invocation;
};

async function settle(
  binding: Binding,
  { envelope, delivery, invocation }: Handled,
  outcome: QueueOutcome,
): Promise<boolean> {
  if (outcome.kind === "ack") {
    await releaseClaim(envelope, binding.ports, invocation);
    return true;
  }
  const { trigger } = binding.definition;
  const queue = trigger.kind === "queue" ? trigger.queue.name : binding.definition.name;
  const maxAttempts = trigger.kind === "queue" ? trigger.queue.maxAttempts : 5;
  const { maxDelaySeconds } = binding.ports.queue;
  // A broker that holds no message back (Pub/Sub) delivers again after a back-off of its own, and counts itself. So does
  // one that keeps an order: sent again, the message would come behind those that wait for it.
  const isOrdered = delivery.group !== undefined;
  const isOwnBackOff = maxDelaySeconds === 0 || isOrdered;
  const attempts = envelope.attempt + (isOwnBackOff ? delivery.receiveCount - 1 : 0);
  if (outcome.kind === "retry" && attempts < maxAttempts) {
    if (isOrdered || (isOwnBackOff && outcome.afterSeconds > 0)) return false;
    const delaySeconds = Math.min(outcome.afterSeconds, maxDelaySeconds);
    return send(binding, queue, encodeEnvelope(nextAttempt(envelope)), delaySeconds);
  }
  invocation.log.error("message dead-lettered", {
    reason: outcome.reason,
    attempt: envelope.attempt,
  });
  return send(binding, deadLetterQueue(queue), encodeEnvelope(envelope), 0);
}

async function putAsideUndecodable(
  binding: Binding,
  delivery: Delivery,
  meta: InvocationMeta,
  fault: Fault,
): Promise<boolean> {
  const { ports, definition } = binding;
  const invocation = binding.invoke({
    id: meta.id,
    tenant: "default",
    traceparent: undefined,
    event: undefined,
    remainingMs: meta.remainingMs,
  });
  invocation.log.error("message dead-lettered", { reason: fault.message });
  const { trigger } = definition;
  const queue = trigger.kind === "queue" ? trigger.queue.name : definition.name;
  const envelope: Envelope = {
    v: 1,
    id: ports.random.uuid(),
    attempt: delivery.receiveCount,
    enqueuedAtMs: ports.clock.now(),
    tenant: "default",
    body: { undecodable: delivery.body, reason: fault.message },
  };
  return send(binding, deadLetterQueue(queue), encodeEnvelope(envelope), 0);
}

async function send(
  { ports }: Binding,
  queue: string,
  body: string,
  delaySeconds: number,
): Promise<boolean> {
  try {
    const results = await ports.queue.send(queue, [{ body, delaySeconds }], undefined);
    return results.every(({ ok }) => ok);
  } catch {
    // The broker still has the message: it will deliver again.
    return false;
  }
}
