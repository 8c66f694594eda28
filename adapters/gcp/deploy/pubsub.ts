import { Fault } from "#shared/errors";
import type { DeployQueue } from "#shared/plan";
import { type Block, type Element, labelOf, resource } from "#shared/terraform";
import { type Functions, urlOf } from "./functions.ts";
import { type Parts, PUBSUB_AGENT } from "./parts.ts";

// https://cloud.google.com/pubsub/docs/subscription-properties
const ACK_SECONDS = { min: 10, max: 600 };
const DELIVERY_ATTEMPTS = { min: 5, max: 100 };
const KEPT_SECONDS = 31 * 86_400;
/** A filter may have so many bytes: https://cloud.google.com/pubsub/docs/subscription-message-filter#filtering_syntax */
const MAX_FILTER_BYTES = 256;

/**
 * A topic per queue and per topic of ours. A queue's function is pushed its messages, and the events it subscribed to;
 * what it fails on often enough goes to the dead-letter queue, which keeps it for a month.
 */
export function pubsubOf(parts: Parts, functions: Functions) {
  const { manifest, names } = parts;
  const queues = new Map(
    manifest.queues.map(({ name }) => [
      name,
      topic(labelOf("queue", name), names.queues.get(name) ?? name),
    ]),
  );
  const topics = new Map(
    manifest.topics.map(({ name }) => [
      name,
      topic(labelOf("topic", name), names.topics.get(name) ?? name),
    ]),
  );
  const subscriptions = manifest.queues.flatMap((queue) =>
    subscriptionsOf(queue, { queues, topics, functions, parts }),
  );
  return {
    byResource: new Map([
      ...[...queues].map(([name, element]) => [`queue/${name}`, element] as const),
      ...[...topics].map(([name, element]) => [`topic/${name}`, element] as const),
    ]),
    elements: [...queues.values(), ...topics.values(), ...subscriptions],
  };
}

type Made = {
  readonly queues: ReadonlyMap<string, Element>;
  readonly topics: ReadonlyMap<string, Element>;
  readonly functions: Functions;
  readonly parts: Parts;
};

function subscriptionsOf(
  queue: DeployQueue,
  { queues, topics, functions, parts }: Made,
): readonly Element[] {
  const { names, manifest } = parts;
  const from = queues.get(queue.name);
  const target = functions.byName.get(queue.consumer ?? "");
  const dead = queues.get(queue.deadLetterQueue ?? "");
  if (from === undefined) return [];
  if (target === undefined || dead === undefined) return [kept(queue, from, parts)];
  const push: Push = { queue, target, dead, parts };
  const own = { name: names.queues.get(queue.name), from };
  const events = manifest.topics.flatMap(({ name, subscriptions }) => {
    const topicOfEvents = topics.get(name);
    const wanted = subscriptions.find((subscription) => subscription.queue === queue.name);
    if (topicOfEvents === undefined || wanted === undefined) return [];
    // A topic of events has several.
    const named = { name: `${names.topics.get(name) ?? name}.${queue.name}`, from: topicOfEvents };
    return pushed(labelOf("topic", name, queue.name), named, push, filterOf(wanted.types));
  });
  return pushed(labelOf("queue", queue.name), own, push).concat(events);
}

function topic(label: string, name: string): Element {
  return resource("google_pubsub_topic", label, { name });
}

/** Without a subscription a topic forgets what it is sent. */
function kept({ name }: DeployQueue, from: Element, { names }: Parts): Element {
  return resource("google_pubsub_subscription", labelOf("queue", name), {
    name: names.queues.get(name),
    topic: from.get("id"),
    message_retention_duration: `${KEPT_SECONDS}s`,
    expiration_policy: { ttl: "" },
  });
}

type Push = {
  readonly queue: DeployQueue;
  readonly target: Element;
  readonly dead: Element;
  readonly parts: Parts;
};

/** A subscription of the queue's function to its queue's topic, or to one of events. */
function pushed(
  label: string,
  { name, from }: { readonly name: string | undefined; readonly from: Element },
  { queue, target, dead, parts }: Push,
  filter?: string,
): Element[] {
  const subscription = resource("google_pubsub_subscription", label, {
    name,
    topic: from.get("id"),
    filter,
    ...deliveryOf(queue),
    expiration_policy: { ttl: "" },
    dead_letter_policy: {
      dead_letter_topic: dead.get("id"),
      max_delivery_attempts: attemptsOf(queue),
    },
    push_config: {
      push_endpoint: urlOf(target),
      oidc_token: { service_account_email: parts.caller.get("email"), audience: urlOf(target) },
    },
  });
  // https://cloud.google.com/pubsub/docs/dead-letter-topics#grant_forwarding_permissions
  return [
    subscription,
    resource("google_pubsub_subscription_iam_member", label, {
      subscription: subscription.get("id"),
      role: "roles/pubsub.subscriber",
      member: PUBSUB_AGENT,
    }),
    resource("google_pubsub_topic_iam_member", labelOf("dead", label), {
      topic: dead.get("id"),
      role: "roles/pubsub.publisher",
      member: PUBSUB_AGENT,
    }),
  ];
}

function deliveryOf({ name, visibilitySeconds }: DeployQueue): Block {
  if (visibilitySeconds > ACK_SECONDS.max) {
    throw new Fault(
      "invalid_argument",
      `gcp.queue: "${name}" hides messages for ${visibilitySeconds} s, and Pub/Sub waits ${ACK_SECONDS.max} s at most for an answer; ` +
        "lower visibilitySeconds or its function's timeout, or take gcp from its targets",
    );
  }
  return {
    ack_deadline_seconds: Math.max(ACK_SECONDS.min, visibilitySeconds),
    message_retention_duration: `${KEPT_SECONDS}s`,
    // Between deliveries of what was not taken; the pipeline's own delays cannot be kept here.
    retry_policy: { minimum_backoff: "10s", maximum_backoff: "600s" },
  };
}

/** Beyond the queue's own attempts, which the pipeline counts: only what never got that far is given up here. */
function attemptsOf({ name, maxAttempts }: DeployQueue): number {
  const attempts = Math.max(DELIVERY_ATTEMPTS.min, maxAttempts + 1);
  if (attempts <= DELIVERY_ATTEMPTS.max) return attempts;
  throw new Fault(
    "invalid_argument",
    `gcp.queue: "${name}" allows ${maxAttempts} attempts, and Pub/Sub counts ${DELIVERY_ATTEMPTS.max} deliveries at most; ` +
      "lower maxAttempts to 99, or take gcp from its function's targets",
  );
}

/** One that is too long is left out: the pipeline acknowledges events that its function does not want. */
function filterOf(types: readonly string[]): string | undefined {
  const filter = types.map((type) => `attributes."ce-type" = "${type}"`).join(" OR ");
  return filter.length > MAX_FILTER_BYTES ? undefined : filter;
}
