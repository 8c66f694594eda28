import { Fault } from "#shared/errors";
import { type ActionCall, defineFunction, type QueueOutcome, queueTrigger } from "#shared/function";
import { bindFunction } from "#shared/host";
import { openQueue } from "#shared/queue";
import { openStore } from "#shared/state";
import { type MemoryPorts, memoryPorts } from "#shared/testing";
import { describe, expect, it } from "vitest";
import { channelIds } from "./channels.ts";
import { claim, LEASE_MS, type Post, posts } from "./post.ts";
import { type Content, publish, publishUses } from "./publish.ts";
import { PublishRequest, publishRequests } from "./queues.ts";

const repository = "octo/repo";
const subject = "commit/a";
const message = { text: "hello", blocks: [] };
const scope = {
  tenant: "default",
  traceparent: "",
  event: undefined,
  signal: new AbortController().signal,
};

type Answers = Readonly<Record<string, (call: ActionCall, ports: MemoryPorts) => unknown>>;

/** One attempt to show version 1, with Slack answering so. */
async function attempt(
  answers: Answers,
  row?: Post,
  before: (ports: MemoryPorts) => Promise<void> = () => Promise.resolve(),
): Promise<{ outcome: QueueOutcome; ports: MemoryPorts }> {
  const actions = Object.fromEntries(
    Object.entries(answers).map(([id, answer]) => [id, (call: ActionCall) => answer(call, ports)]),
  );
  const ports = memoryPorts({ actions });
  if (row !== undefined) await openStore(posts, ports, scope).create(row);
  await before(ports);
  const outcomes: QueueOutcome[] = [];
  const definition = defineFunction({
    name: "attempt",
    summary: "One attempt.",
    trigger: queueTrigger(publishRequests),
    input: PublishRequest,
    uses: publishUses,
    async handler(ctx) {
      const outcome = await publish(ctx, { repository, subject, load, attempt: 1 });
      outcomes.push(outcome);
      return outcome;
    },
  });
  await openQueue(publishRequests, ports, scope).send({ kind: "commit", repository, commit: "a" });
  const [body = ""] = ports.queue.take(publishRequests.name);
  const delivery = { handle: "1", body, receiveCount: 1 };
  const meta = { id: "attempt-1", remainingMs: () => 60_000 };
  await bindFunction(definition, ports, "test").messages([delivery], meta);
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error("the attempt threw");
  return { outcome, ports };
}

function abandoned(nowMs: number): Post {
  const bid = { repository, subject, version: 1, message, owner: "dead", intent: "intent-1" };
  const taken = claim(undefined, { ...bid, channel: "C1", nowMs: nowMs - LEASE_MS - 1 });
  if (!("row" in taken)) throw new Error("a claim expected");
  return taken.row;
}

async function rowOf(ports: MemoryPorts): Promise<Post | undefined> {
  return (await openStore(posts, ports, scope).get({ repository, subject }))?.value;
}

const load = (): Promise<Content> => Promise.resolve({ version: 1, message });
const posted = (): unknown => ({ ts: "1.1", channel: "C1" });

describe("publish", () => {
  it("does not post when the look-up left too little of the lease", async () => {
    const { outcome, ports } = await attempt(
      {
        "slack.find-message"(_call, { clock }) {
          clock.advance(14_000);
          return {};
        },
        "slack.post-message": posted,
      },
      abandoned(memoryPorts().clock.now()),
    );
    expect(outcome).toMatchObject({
      kind: "retry",
      reason: "delivery-pulse.publish: too late to call Slack in this lease",
    });
    expect(ports.called.map(({ action }) => action)).toEqual(["slack.find-message"]);
  });

  it("takes over an abandoned intent under the same key and text", async () => {
    const row = abandoned(memoryPorts().clock.now());
    const answers = { "slack.find-message": () => ({}), "slack.post-message": posted };
    const { outcome, ports } = await attempt(answers, row);
    expect(outcome).toEqual({ kind: "ack" });
    expect(ports.called[1]).toMatchObject({
      idempotencyKey: "intent-1",
      input: { channel: "C1", metadata: { event_payload: { intent: "intent-1" } } },
    });
    expect(await rowOf(ports)).toMatchObject({ status: "posted", ts: "1.1", shown: 1 });
  });

  it("adopts a message that an abandoned attempt did post", async () => {
    const row = abandoned(memoryPorts().clock.now());
    const { outcome, ports } = await attempt({ "slack.find-message": posted }, row);
    expect(outcome).toEqual({ kind: "ack" });
    expect(await rowOf(ports)).toMatchObject({ status: "posted", ts: "1.1", shown: 1 });
  });

  it("looks into a channel by the id that its name had before", async () => {
    const nowMs = memoryPorts().clock.now();
    const answers = { "slack.find-message": posted };
    const { ports } = await attempt(
      answers,
      { ...abandoned(nowMs), channel: "#news" },
      async (on) => {
        await openStore(channelIds, on, scope).create({ name: "#news", id: "C7" });
      },
    );
    expect(ports.called[0]?.input).toMatchObject({ channel: "C7" });
  });

  it("remembers the id that Slack answers for a name", async () => {
    const { ports } = await attempt({ "slack.post-message": posted });
    const learned = await openStore(channelIds, ports, scope).get({ name: "#deliveries" });
    expect(learned?.value.id).toBe("C1");
  });

  it("asks again when Slack says it may, without keeping others out", async () => {
    const { outcome, ports } = await attempt({
      "slack.post-message"() {
        throw new Fault("resource_exhausted", "slack: ratelimited", { retryAfterMs: 7_000 });
      },
    });
    expect(outcome.kind === "retry" && outcome.afterSeconds).toBeGreaterThanOrEqual(7);
    expect((await rowOf(ports))?.lease).toBeUndefined();
  });

  it("keeps the lease of a call whose outcome is not known", async () => {
    const { outcome, ports } = await attempt({
      "slack.post-message"() {
        throw new Fault("deadline_exceeded", "slack: no answer", { origin: "upstream" });
      },
    });
    expect(outcome.kind).toBe("retry");
    expect(outcome.kind === "retry" && outcome.afterSeconds).toBeGreaterThanOrEqual(
      LEASE_MS / 1000,
    );
    expect(await rowOf(ports)).toMatchObject({ status: "posting", lease: {} });
  });

  it("puts aside what Slack will never accept, with Slack's reason", async () => {
    const { outcome } = await attempt({
      "slack.post-message"() {
        throw new Fault("permission_denied", "slack: not_in_channel", { origin: "upstream" });
      },
    });
    expect(outcome).toEqual({ kind: "dead-letter", reason: "slack: not_in_channel" });
  });
});
