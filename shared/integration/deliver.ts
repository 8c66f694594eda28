import { Fault } from "#shared/errors";
import type { BaseContext, ClientScope, Grant } from "#shared/function";
import { queue, type QueueSender } from "#shared/queue";
import type { Store } from "#shared/state";
import {
  EVENT_TTL_SECONDS,
  eventSource,
  type StoredEvent,
  WebhookMessage,
} from "#shared/webhook-events";

/** A platform function that is told of an integration's events, through the queue named here. */
export type Subscriber = {
  readonly function: string;
  readonly queue: string;
  /** Event types, or `*` for all. */
  readonly events: readonly string[];
};

/** Whom a webhook is for and which event it is: known only once it is verified, unlike the rest of a scope. */
export type Receiver = { readonly tenant: string; readonly event: string };

/** A client that needs to be told for whom it works. */
export type ForReceiver<Client> = (receiver: Receiver) => Client;

type Events = Store<StoredEvent, Pick<StoredEvent, "source" | "delivery">>;

/** The events that came; `list` where an integration's actions read them. */
export type EventStore = Pick<Events, "create" | "put"> & Partial<Pick<Events, "list">>;

type Sender = Pick<QueueSender<WebhookMessage>, "send">;

/** The grants to send to subscribers, by the queue's name. */
export type SenderGrants = { readonly [name: `queue-${string}`]: Grant<ForReceiver<Sender>> };

/** What delivering an event needs of its invocation. */
export type DeliverContext = BaseContext & {
  readonly events: ForReceiver<EventStore>;
  readonly [name: `queue-${string}`]: ForReceiver<Sender>;
};

/** The same capability, opened for the receiver that the request's proof reveals. */
export function forReceiver<Client>(grant: Grant<Client>): Grant<ForReceiver<Client>> {
  return {
    kind: grant.kind,
    resource: grant.resource,
    verbs: grant.verbs,
    ...(grant.definition === undefined ? {} : { definition: grant.definition }),
    connect: (ports, scope) => (receiver) => {
      const { traceparent, signal } = scope;
      const received: ClientScope = { ...receiver, traceparent, signal };
      return grant.connect(ports, received);
    },
  };
}

/** One grant per queue that somebody subscribed with. */
export function senderGrants(subscribers: readonly Subscriber[]): SenderGrants {
  return Object.fromEntries(
    subscribers.map(({ queue: name }) => [
      `queue-${name}` as const,
      forReceiver(queue(name, { schema: WebhookMessage }).grant("send")),
    ]),
  );
}

/** The connection a verified event came through. */
export type From = {
  readonly tenant: string;
  readonly integration: string;
  readonly connection: string;
};

/**
 * Stores an event and queues it for everybody subscribed to its type; a 2xx may follow only after this resolved.
 * False for a repeat of a delivery, which is queued again only if the first one did not get that far.
 */
export async function deliver(
  ctx: DeliverContext,
  from: From,
  event: Omit<StoredEvent, "source" | "queued">,
  subscribers: readonly Subscriber[],
  ttlSeconds = EVENT_TTL_SECONDS,
): Promise<boolean> {
  const receiver: Receiver = { tenant: from.tenant, event: event.delivery };
  const wanted = subscribers.filter(
    ({ events }) => events.includes("*") || events.includes(event.type),
  );
  const rows = ctx.events(receiver);
  const source = eventSource(from.integration, from.connection);
  const row: StoredEvent = { ...event, source, queued: wanted.length === 0 };
  const created = await rows.create(row, { ttlSeconds });
  const kept = created.ok ? { value: row, rev: created.rev } : created.current;
  if (kept === undefined) throw expired();
  if (kept.value.queued) return created.ok;
  await Promise.all(wanted.map((subscriber) => send(ctx, from, receiver, subscriber)));
  // Losing this write only means that a repeat of the delivery is queued again, which receivers recognise.
  const done: StoredEvent = { ...kept.value, queued: true };
  await rows.put(done, { ifRev: kept.rev, ttlSeconds });
  return created.ok;
}

async function send(
  ctx: DeliverContext,
  { integration, connection }: From,
  receiver: Receiver,
  subscriber: Subscriber,
): Promise<void> {
  const sender = ctx[`queue-${subscriber.queue}`]?.(receiver);
  const message: WebhookMessage = { integration, connection, event: receiver.event };
  const results = await sender?.send(message, { id: `${connection}/${receiver.event}` });
  const [result] = results ?? [];
  if (result?.ok === true) return;
  throw (
    result?.fault ??
    new Fault("internal", `webhook.deliver: no result for ${subscriber.function}; report it`)
  );
}

function expired(): Fault {
  return new Fault(
    "aborted",
    "webhook.deliver: the event expired while it was read; deliver it again",
  );
}
