import { Fault } from "#shared/errors";
import type { DeployTopic } from "#shared/plan";
import { type Block, type Element, labelOf, resource } from "#shared/terraform";
import { UNIQUE } from "./names.ts";
import { assignment, type Parts, scopeOf } from "./parts.ts";
import type { Storage } from "./storage.ts";

const CLOUD_EVENTS = "CloudEventSchemaV1_0";
/** Why an event is put aside and for how long it is tried: https://learn.microsoft.com/azure/event-grid/delivery-and-retry */
const retry_policy = { max_delivery_attempts: 30, event_time_to_live: 1440 };

/** The address of a topic with `{topic}` in its name's place, as the driver wants it. */
export function topicEndpoint({ names, options: { region } }: Parts): string {
  return `https://${names.prefix}-${UNIQUE}-{topic}.${region}-1.eventgrid.azure.net/api/events`;
}

/**
 * Topics that take CloudEvents from identities only, and a subscription per function that delivers the types it wants
 * to its queue. The topic's own identity may put messages there and into the container for what cannot be delivered,
 * and nothing else. Throws `invalid_argument` where queues are Service Bus's.
 */
export function eventGridOf(parts: Parts, storage: Storage) {
  const { topics } = parts.manifest;
  const subscribed = topics.find(({ subscriptions }) => subscriptions.length > 0);
  if (subscribed !== undefined && parts.options.queue === "service-bus") {
    throw new Fault(
      "invalid_argument",
      `azure.topic: subscribers of "${subscribed.name}" are given their events by Storage Queue; deploy with queue "storage-queue"`,
    );
  }
  const dead = resource("azurerm_storage_container", "undelivered", {
    name: "undelivered",
    storage_account_id: storage.host.get("id"),
    container_access_type: "private",
  });
  const made = topics.map((topic) => ({ topic, element: topicOf(topic, parts) }));
  const subscriptions = made.flatMap(({ topic, element }) =>
    subscriptionsOf(topic, element, { storage, dead }),
  );
  return {
    byResource: new Map(made.map(({ topic, element }) => [`topic/${topic.name}`, element])),
    elements: [
      ...made.map(({ element }) => element),
      ...(subscribed === undefined ? [] : [dead]),
      ...subscriptions,
    ],
  };
}

function topicOf({ name }: DeployTopic, { names, placed }: Parts): Element {
  return resource("azurerm_eventgrid_topic", labelOf(name), {
    name: names.topics.get(name) ?? name,
    ...placed,
    input_schema: CLOUD_EVENTS,
    local_auth_enabled: false,
    identity: { type: "SystemAssigned" },
  });
}

/** Where a topic's events go, and what of them goes nowhere. */
type Delivery = { readonly storage: Storage; readonly dead: Element };

function subscriptionsOf(
  { name, subscriptions }: DeployTopic,
  topic: Element,
  delivery: Delivery,
): readonly Element[] {
  if (subscriptions.length === 0) return [];
  const principal = topic.get("identity[0].principal_id");
  const undelivered = assignment(labelOf("topic", name, "undelivered"), {
    role: "Storage Blob Data Contributor",
    scope: scopeOf(delivery.dead),
    principal,
  });
  const made = subscriptions.flatMap(({ queue, types }) => {
    const target = delivery.storage.byResource.get(`queue/${queue}`);
    if (target === undefined) return [];
    const label = labelOf("topic", name, queue);
    const role = "Storage Queue Data Message Sender";
    const send = assignment(label, { role, scope: scopeOf(target), principal });
    const body = {
      name: queue,
      scope: topic.get("id"),
      included_event_types: types,
      ...deliveryTo(target, delivery),
      depends_on: [send, undelivered].map((needed) => `${needed.type}.${needed.name}`),
    };
    return [send, resource("azurerm_eventgrid_event_subscription", label, body)];
  });
  return [undelivered, ...made];
}

function deliveryTo(target: Element, { storage, dead }: Delivery): Block {
  return {
    event_delivery_schema: CLOUD_EVENTS,
    delivery_identity: { type: "SystemAssigned" },
    dead_letter_identity: { type: "SystemAssigned" },
    retry_policy,
    storage_queue_endpoint: {
      storage_account_id: storage.host.get("id"),
      queue_name: target.get("name"),
      // For ever, as our own messages.
      queue_message_time_to_live_in_seconds: -1,
    },
    storage_blob_dead_letter_destination: {
      storage_account_id: storage.host.get("id"),
      storage_blob_container_name: dead.get("name"),
    },
  };
}
