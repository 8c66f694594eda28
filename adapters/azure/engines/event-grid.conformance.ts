import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { listen, type TestEngine } from "#shared/testing";
import type { Subscription } from "#shared/topic";
import * as z from "zod";
import type { EventGridOptions } from "../drivers/topic-event-grid.ts";

/** Event Grid's custom topics as their publishers see them on the wire, in this process. */
export type FakeEventGrid = TestEngine & {
  readonly options: EventGridOptions;
  /** Takes the texts that are there out of a subscriber's Storage Queue, their base64 undone. */
  take(queue: string): string[];
  /** Refuses the next requests with this status and code. */
  refuse(status: number, code: string, times: number): void;
};

type Refusal = { readonly status: number; readonly code: string };

const KEY = "a key of the fake topics";
const EVENTS_URL = /^\/([a-z0-9-]{3,50})\/api\/events\?api-version=2018-01-01$/;
const MAX_BYTES = 1_048_576;
/** What a Storage Queue holds of a text in base64; Event Grid drops a larger event, or puts it aside. */
const MAX_QUEUED_BYTES = 48 * 1024;

// https://learn.microsoft.com/azure/event-grid/cloud-event-schema: what the service itself insists on.
const Events = z.array(
  z.looseObject({
    specversion: z.literal("1.0"),
    id: z.string().min(1),
    source: z.string().min(1),
    type: z.string().min(1),
    time: z.iso.datetime({ offset: true }).optional(),
  }),
);

/** Starts topics with these subscriptions. Events come out with their attributes in another order. */
export async function startEventGrid(
  topics: readonly string[],
  subscriptions: readonly Subscription[],
): Promise<FakeEventGrid> {
  const queues = new Map<string, string[]>();
  let refusals: Refusal[] = [];
  const answer = async (request: IncomingMessage): Promise<Refusal | undefined> => {
    const refusal = refusals.shift();
    if (refusal !== undefined) return refusal;
    const [, topic = ""] = EVENTS_URL.exec(request.url ?? "") ?? [];
    if (!topics.includes(topic)) return { status: 404, code: "ResourceNotFound" };
    const subscribers = subscriptions.filter((subscription) => subscription.topic === topic);
    return take(request, (events) => deliver(events, subscribers, queues));
  };
  const server = await listen((request, response) => {
    void answer(request).then((refused) => {
      response.writeHead(refused?.status ?? 200, { "content-type": "application/json" });
      const error = refused && { error: { code: refused.code, message: "refused" } };
      response.end(error === undefined ? "" : JSON.stringify(error));
    });
  });
  return {
    options: {
      endpointOf: (topic) => `${server.url}/${topic}/api/events`,
      account: { key: KEY },
      emulator: true,
    },
    take(queue) {
      const texts = queues.get(queue) ?? [];
      queues.delete(queue);
      return texts;
    },
    refuse: (status, code, times) =>
      void (refusals = Array.from({ length: times }, () => ({ status, code }))),
    stop: () => server.close(),
  };
}

function deliver(
  events: z.infer<typeof Events>,
  subscribers: readonly Subscription[],
  queues: Map<string, string[]>,
): void {
  for (const event of events) {
    const text = JSON.stringify(Object.fromEntries(Object.entries(event).toReversed()));
    if (Buffer.byteLength(text) > MAX_QUEUED_BYTES) continue;
    for (const { queue } of subscribers.filter(({ types }) => types.includes(event.type))) {
      queues.set(queue, [...(queues.get(queue) ?? []), text]);
    }
  }
}

/** https://learn.microsoft.com/azure/event-grid/post-to-custom-topic#sample-response */
async function take(
  request: IncomingMessage,
  accept: (events: z.infer<typeof Events>) => void,
): Promise<Refusal | undefined> {
  const { "aeg-sas-key": key, "content-type": type = "" } = request.headers;
  const body: unknown = await json(request).catch(() => undefined);
  if (key !== KEY) return { status: 401, code: "Unauthorized" };
  if (!type.startsWith("application/cloudevents-batch+json")) {
    return { status: 415, code: "UnsupportedMediaType" };
  }
  const parsed = Events.safeParse(body);
  if (!parsed.success) return { status: 400, code: "BadRequest" };
  if (Buffer.byteLength(JSON.stringify(body)) > MAX_BYTES) {
    return { status: 413, code: "RequestEntityTooLarge" };
  }
  accept(parsed.data);
  return undefined;
}
