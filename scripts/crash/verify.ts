import * as z from "zod";
import { Fact } from "../../functions/platform/delivery-pulse/fact.ts";
import { type Facts, fold } from "../../functions/platform/delivery-pulse/fold.ts";
import { commitMessage } from "../../functions/platform/delivery-pulse/message.ts";
import { call, type ProductClient } from "../demo/product-client.ts";
import type { PlannedEvent } from "./workload.ts";

/** What is wrong, by commit or event; all empty when the product kept its word. */
export type Findings = {
  /** Accepted events that the commit's record does not know. */
  readonly lost: readonly string[];
  /** Commits with more than one Slack message. */
  readonly doubled: readonly string[];
  /** Commits without a message. */
  readonly missing: readonly string[];
  /** Commits whose message does not show their record. */
  readonly stale: readonly string[];
  readonly messages: number;
  readonly updates: number;
};

const State = z.object({
  deliveries: z.array(z.object({ facts: z.array(Fact) })).max(1),
});
const Journal = z.object({
  messages: z.array(z.object({ text: z.string(), blocks: z.unknown(), updates: z.int() })),
});
type Message = z.infer<typeof Journal>["messages"][number];

const CONCURRENCY = 16;

/** Compares what was accepted with what the product says and what Slack shows. */
export async function verify(
  client: ProductClient,
  slackUrl: string,
  accepted: readonly PlannedEvent[],
): Promise<Findings> {
  const messages = await readJournal(slackUrl);
  const shown = Map.groupBy(messages, commitOf);
  const [lost, doubled, missing, stale]: string[][] = [[], [], [], []];
  const commits = Map.groupBy(accepted, ({ commit }) => commit).values();
  const check = async (): Promise<void> => {
    for (const events of commits) {
      const [{ repository, commit } = { repository: "", commit: "" }] = events;
      const facts = await readFacts(client, repository, commit);
      const unknown = events.filter((event) => fold(facts, event.facts) !== facts);
      lost?.push(...unknown.map(({ delivery }) => `${commit} ${delivery.event} ${delivery.id}`));
      const [message, ...more] = shown.get(commit) ?? [];
      if (message === undefined) missing?.push(commit);
      else if (more.length > 0) doubled?.push(commit);
      else if (!shows(message, repository, commit, facts)) stale?.push(commit);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, check));
  const updates = messages.reduce((sum, message) => sum + message.updates, 0);
  return {
    lost: lost ?? [],
    doubled: doubled ?? [],
    missing: missing ?? [],
    stale: stale ?? [],
    messages: messages.length,
    updates,
  };
}

/** How much Slack has been told so far: it stands still once everything is quiet. */
export async function slackActivity(slackUrl: string): Promise<number> {
  const messages = await readJournal(slackUrl);
  return messages.reduce((sum, { updates }) => sum + updates + 1, 0);
}

async function readJournal(slackUrl: string): Promise<Message[]> {
  const response = await fetch(new URL("/journal", slackUrl));
  return Journal.parse(await response.json()).messages;
}

async function readFacts(
  client: ProductClient,
  repository: string,
  commit: string,
): Promise<Facts> {
  const { status, json } = await call(client, "POST", "/v1/functions/pulse-state", {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ repository, commit }),
  });
  if (status !== 200) throw new Error(`pulse-state answered ${status}`);
  const [delivery] = State.parse(json).deliveries;
  return Object.fromEntries((delivery?.facts ?? []).map((fact) => [fact.slot, fact]));
}

/** A message names its commit in the link of its first line. */
function commitOf({ blocks }: Message): string {
  return /\/commit\/([0-9a-f]{40})/.exec(JSON.stringify(blocks))?.[1] ?? "";
}

function shows(message: Message, repository: string, commit: string, facts: Facts): boolean {
  const expected = commitMessage({ repository, commit, facts, version: 0, changedAtMs: 0 });
  const { text, blocks } = message;
  return JSON.stringify({ text, blocks }) === JSON.stringify(expected);
}
