import { Fault } from "#shared/errors";
import { ack, type Context, deadLetter, defineFunction, webhookTrigger } from "#shared/function";
import * as z from "zod";
import { deliveries, type Delivery, repositories, RETENTION_SECONDS, tags } from "./delivery.ts";
import { bindTag } from "./bind-tag.ts";
import type { Fact, Told } from "./fact.ts";
import { eventTypes, factsOf } from "./facts.ts";
import { fold } from "./fold.ts";
import { posts } from "./post.ts";
import { publishRequests } from "./queues.ts";

const uses = {
  deliveries: deliveries.grant("update"),
  tags: tags.grant("update"),
  repositories: repositories.grant("update"),
  posts: posts.grant("get"),
  publishing: publishRequests.grant("send"),
};
type FoldContext = Context<typeof uses>;

/** Folds a GitHub event into the records of the commits it is about. */
export const pulseFold = defineFunction({
  name: "pulse-fold",
  summary: "Folds verified GitHub events into one delivery record per commit.",
  trigger: webhookTrigger("github-actions", eventTypes),
  // Read by type in the handler, so that a malformed event is put aside with the field that is wrong.
  input: z.unknown(),
  uses,
  async handler(ctx, event) {
    let told: Told;
    try {
      told = factsOf(event.type, event.payload);
    } catch (thrown) {
      if (!Fault.is(thrown) || thrown.code !== "invalid_argument") throw thrown;
      return deadLetter(thrown.message);
    }
    const { repository } = told;
    const facts = [...told.facts, ...(await bindTag(ctx.tags, told))];
    for (const [commit, about] of Map.groupBy(facts, (each) => each.commit)) {
      await record(ctx, repository, commit, about);
    }
    return ack();
  },
});

async function record(
  ctx: FoldContext,
  repository: string,
  commit: string,
  about: Told["facts"],
): Promise<void> {
  const news = about.map(({ fact }) => fact);
  const nowMs = ctx.clock.now();
  const entry = await ctx.deliveries.update(
    { repository, commit },
    (current) => next(current, { repository, commit, news, nowMs }),
    { ttlSeconds: RETENTION_SECONDS },
  );
  if (entry === undefined) return;
  await touch(ctx, repository, nowMs);
  // Not "if it changed": an attempt that died after the update left the request unsent, and this is its successor.
  const post = await ctx.posts.get({ repository, subject: `commit/${commit}` });
  if (post?.value.status === "posted" && post.value.shown >= entry.value.version) return;
  const [sent] = await ctx.publishing.send({ kind: "commit", repository, commit });
  if (sent?.ok === false) throw sent.fault;
}

type News = {
  readonly repository: string;
  readonly commit: string;
  readonly news: readonly Fact[];
  readonly nowMs: number;
};

function next(current: Delivery | undefined, told: News): Delivery | undefined {
  const { repository, commit, news, nowMs } = told;
  const known = current?.facts ?? {};
  const facts = fold(known, news);
  if (facts === known) return undefined;
  return { repository, commit, facts, version: (current?.version ?? 0) + 1, changedAtMs: nowMs };
}

/** How exact the record of a repository's last activity is: one write an hour instead of one per event. */
const TOUCH_MS = 3_600_000;

async function touch(ctx: FoldContext, repository: string, nowMs: number): Promise<void> {
  await ctx.repositories.update(
    { group: "all", repository },
    (current) => {
      const fresh = current !== undefined && nowMs - current.activeAtMs < TOUCH_MS;
      return fresh ? undefined : { group: "all", repository, activeAtMs: nowMs };
    },
    { ttlSeconds: RETENTION_SECONDS },
  );
}
