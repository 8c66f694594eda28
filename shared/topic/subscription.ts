import { type CloudEvent, encodeCloudEvent } from "./cloud-event.ts";

/** Who gets which events of a topic, and through which queue. */
export type Subscription = {
  readonly topic: string;
  readonly queue: string;
  readonly types: readonly string[];
};

/** The messages that events of a topic become, as a bus without a form of its own delivers them. */
export function fanOut(
  subscriptions: readonly Subscription[],
  topic: string,
  events: readonly CloudEvent[],
): { readonly queue: string; readonly body: string }[] {
  const subscribed = subscriptions.filter((subscription) => subscription.topic === topic);
  return events.flatMap((event) => {
    const wanted = subscribed.filter(({ types }) => types.includes(event.type));
    const body = wanted.length === 0 ? "" : encodeCloudEvent(event);
    return wanted.map(({ queue }) => ({ queue, body }));
  });
}
