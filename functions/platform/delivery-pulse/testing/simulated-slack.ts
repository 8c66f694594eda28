import { Fault } from "#shared/errors";
import type { ActionCall, Ports, Random } from "#shared/function";
import { fingerprint, idempotentCalls, once } from "#shared/idempotency";
import { openStore } from "#shared/state";
import * as z from "zod";
import { SlackMessage } from "../slack-text.ts";

const Posted = z.object({
  ts: z.string(),
  intent: z.string(),
  content: SlackMessage,
});
type Posted = z.infer<typeof Posted>;

const Post = SlackMessage.extend({
  channel: z.string(),
  metadata: z.object({ event_payload: z.object({ intent: z.string() }) }),
});
const Update = SlackMessage.extend({ ts: z.string() });
const Find = z.object({ channel: z.string(), oldestTs: z.string(), eventValue: z.string() });

/** What the integration's function is given until the platform stops it. */
const LIMIT_MS = 30_000;
const CHANNEL = "C0DELIVERY";

/**
 * Slack behind its integration: may refuse, may be slow, and may do what it was told while its caller hears of a
 * timeout. Keyed calls go through the same `once` as in the integration.
 */
export class SimulatedSlack {
  readonly messages: Posted[] = [];
  /** The channels that were posted to, as they were named. */
  readonly posts: string[] = [];
  /** How often each action took effect. */
  readonly effects: Record<string, number> = {};
  readonly #random: Random;
  readonly #failureRate: number;
  #calls = 0;

  constructor(random: Random, failureRate: number) {
    this.#random = random;
    this.#failureRate = failureRate;
  }

  /** One action, in a process whose ports are given; `pause` lets others go on and time pass. */
  async call(call: ActionCall, ports: Ports, pause: () => Promise<void>): Promise<unknown> {
    const untilMs = ports.clock.now() + LIMIT_MS;
    const isOver = (): boolean => ports.clock.now() > untilMs;
    const work = (): Promise<unknown> => this.#work(call, ports, isOver, pause);
    const { action, input, idempotencyKey: key } = call;
    if (key === undefined) return work();
    const { tenant, traceparent, event } = call;
    const scope = { tenant, traceparent, event, signal: new AbortController().signal };
    const rows = openStore(idempotentCalls, ports, scope);
    const keyed = { scope: action, key, fingerprint: fingerprint(input) };
    const times = { leaseSeconds: LIMIT_MS / 1000, ttlSeconds: 86_400 };
    return (await once(rows, { ...keyed, ...times }, work)).answer;
  }

  async #work(
    { action, input }: ActionCall,
    { clock }: Ports,
    isOver: () => boolean,
    pause: () => Promise<void>,
  ): Promise<unknown> {
    this.#calls += 1;
    const fails = this.#calls <= 20 && this.#random.next() < this.#failureRate;
    const how = fails ? Math.floor(this.#random.next() * 3) : undefined;
    await pause();
    if (how === 0) throw rateLimited();
    if (how === 1 || isOver()) throw timedOut();
    const answer = this.#perform(action, input, clock.now());
    this.effects[action] = (this.effects[action] ?? 0) + 1;
    await pause();
    if (how === 2 || isOver()) throw timedOut();
    return answer;
  }

  #perform(action: string, input: unknown, nowMs: number): unknown {
    if (action === "slack.post-message") {
      const { channel, text, blocks, metadata } = Post.parse(input);
      const ts = `${Math.floor(nowMs / 1000)}.${String(this.messages.length).padStart(6, "0")}`;
      const { intent } = metadata.event_payload;
      this.posts.push(channel);
      this.messages.push({ ts, intent, content: { text, blocks } });
      return { ts, channel: CHANNEL };
    }
    if (action === "slack.update-message") {
      const { ts, ...content } = Update.parse(input);
      const index = this.messages.findIndex((message) => message.ts === ts);
      const message = this.messages[index];
      if (message === undefined) throw new Fault("not_found", "slack: message_not_found");
      this.messages[index] = { ...message, content };
      return { ts };
    }
    const { oldestTs, eventValue } = Find.parse(input);
    const found = this.messages.find(
      ({ intent, ts }) => intent === eventValue && Number(ts) >= Number(oldestTs),
    );
    return found === undefined ? {} : { ts: found.ts, channel: CHANNEL };
  }
}

function rateLimited(): Fault {
  return new Fault("resource_exhausted", "slack: ratelimited", {
    origin: "upstream",
    retryAfterMs: 2_000,
  });
}

function timedOut(): Fault {
  return new Fault("deadline_exceeded", "slack: no answer in time", {
    origin: "upstream",
    details: { outcome: "unknown" },
  });
}
