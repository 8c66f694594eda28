import { setTimeout as sleep } from "node:timers/promises";
import { openEngine } from "../../adapters/local/engine/engine.ts";
import type { Setup } from "./setup.ts";
import { slackActivity } from "./verify.ts";

/** What was left in the queues when all had come to rest. */
export type Rest = {
  /** Messages that are still to be handled: none, or waiting has been given up. */
  readonly waiting: number;
  /** Messages that were given up. */
  readonly dead: number;
};

const QUEUES = ["pulse-fold", "pulse-publish"];
/** How long Slack hears nothing before the queues are looked into. */
const PAUSE_MS = 10_000;
/** Longer than any message waits by itself: a lease on a Slack message (45 s), then a rest in its queue (60 s). */
const GIVE_UP_MS = 150_000;

/** Lets the product work until nothing is left to do. It runs before and after. */
export async function settle(setup: Setup): Promise<Rest> {
  let activity = -1;
  let quietSinceMs = Date.now();
  for (;;) {
    const now = await slackActivity(setup.slackUrl);
    if (now !== activity) quietSinceMs = Date.now();
    activity = now;
    await sleep(PAUSE_MS);
    if ((await slackActivity(setup.slackUrl)) !== activity) continue;
    const rest = await lookIntoQueues(setup);
    if (rest.waiting === 0 || Date.now() - quietSinceMs > GIVE_UP_MS) return rest;
  }
}

/** Only one process can have the database, so the product is killed for it, which does it no harm. */
async function lookIntoQueues({ product, databasePath }: Setup): Promise<Rest> {
  await product.kill();
  const engine = openEngine({ path: databasePath, clock: Date });
  const depth = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + engine.depth(name), 0);
  const rest = { waiting: depth(QUEUES), dead: depth(QUEUES.map((name) => `${name}-dead`)) };
  await engine.close();
  product.start();
  await product.ready();
  return rest;
}
