import type { Code } from "#shared/errors";
import { type Exceptions, FakeClock, seededRandom } from "#shared/testing";
import * as z from "zod";
import { type CloudEvent, decodeCloudEvent } from "../cloud-event.ts";
import type { TopicDriver } from "../driver.ts";
import type { TopicPublisher } from "../publisher.ts";
import type { Subscription } from "../subscription.ts";
import { openTopic, topic } from "../topic.ts";
import { type FlakyTopic, flakyTopic } from "./flaky-driver.ts";

export type TopicHarness<D extends TopicDriver> = {
  /** What stands behind the driver in this run, if anything does. */
  readonly engine?: string;
  /** A driver over the suite's topics and subscriptions; called once per rule. */
  readonly open: (clock: FakeClock) => Promise<D>;
  /** Takes what is visible out of a subscriber's queue: bodies as the cloud's queue codec hands them over. */
  readonly receive: (driver: D, queue: string) => Promise<readonly string[]>;
  /** A driver of this kind whose service refuses everything, and what that is called. */
  readonly refused: () => Promise<{ readonly driver: TopicDriver; readonly code: Code }>;
  /** Rules this topic cannot keep, each with its reason. */
  readonly except?: Exceptions;
};

const Note = z.object({ text: z.string() });
const orders = topic("conformance-orders", {
  events: { "order.placed": Note, "order.shipped": Note },
});
const bills = topic("conformance-bills", { events: { "bill.sent": Note } });
const unheard = topic("conformance-unheard", { events: { "tree.fell": Note } });

/** The subscribers' queues: of all orders, of those that were shipped, of another topic. */
export const [all, shipped, other] = [
  "conformance-all",
  "conformance-shipped",
  "conformance-other",
] as const;

/** The topics of the suite, for harnesses that must make them first. */
export const conformanceTopics: readonly string[] = [orders, bills, unheard].map(
  ({ name }) => name,
);

/** Who subscribes in the suite. */
export const conformanceSubscriptions: readonly Subscription[] = [
  { topic: orders.name, queue: all, types: ["order.placed", "order.shipped"] },
  { topic: orders.name, queue: shipped, types: ["order.shipped"] },
  { topic: bills.name, queue: other, types: ["bill.sent"] },
];

/** A driver under test with clients over it, and a way to look into the subscribers' queues. */
export type Bench = {
  readonly driver: FlakyTopic;
  readonly clock: FakeClock;
  readonly signal: AbortController;
  readonly orders: TopicPublisher<(typeof orders)["events"]>;
  readonly bills: TopicPublisher<(typeof bills)["events"]>;
  readonly unheard: TopicPublisher<(typeof unheard)["events"]>;
  /** A client of a service that refuses. */
  refused(): Promise<{
    readonly orders: TopicPublisher<(typeof orders)["events"]>;
    readonly code: Code;
    readonly driver: TopicDriver;
  }>;
  /** Events that arrived in a queue and were not taken yet. */
  receive(queue: string): Promise<CloudEvent[]>;
  /** What they say, in the order of the alphabet: no bus promises another one. */
  texts(queue: string): Promise<string[]>;
};

/** Adds one rule; its bench is made for it. */
export type Rule = (id: string, title: string, run: (bench: Bench) => Promise<void>) => void;

/** Opens a bench with empty queues. */
export async function openBench<D extends TopicDriver>(harness: TopicHarness<D>): Promise<Bench> {
  const clock = new FakeClock();
  const opened = await harness.open(clock);
  for (const { queue } of conformanceSubscriptions) await harness.receive(opened, queue);
  const driver = flakyTopic(opened);
  const signal = new AbortController();
  const ports = { topic: driver, clock, random: seededRandom(clock.now()) };
  const scope = {
    tenant: "acme",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    event: "delivery-1",
    signal: signal.signal,
  };
  const receive = async (queue: string): Promise<CloudEvent[]> =>
    (await harness.receive(opened, queue)).map(decodeCloudEvent);
  return {
    driver,
    clock,
    async refused() {
      const refused = await harness.refused();
      const publisher = openTopic(orders, { ...ports, topic: refused.driver }, scope);
      return { ...refused, orders: publisher };
    },
    signal,
    orders: openTopic(orders, ports, scope),
    bills: openTopic(bills, ports, scope),
    unheard: openTopic(unheard, ports, scope),
    receive,
    texts: async (queue) => {
      const events = await receive(queue);
      return events.map(({ data }) => Note.parse(data).text).toSorted();
    },
  };
}
