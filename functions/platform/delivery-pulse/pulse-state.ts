import { defineFunction, httpTrigger } from "#shared/function";
import * as z from "zod";
import { deliveriesOf } from "./deliveries-of.ts";
import { deliveries, type Delivery, RETENTION_DAYS, RETENTION_SECONDS } from "./delivery.ts";
import { measure } from "./metrics.ts";
import { summarize } from "./summary.ts";

/** Answers how a repository's commits are doing on their way to production. */
export const pulseState = defineFunction({
  name: "pulse-state",
  summary: `A repository's latest deliveries and its delivery performance over ${RETENTION_DAYS} days.`,
  trigger: httpTrigger("POST", "/v1/functions/pulse-state"),
  input: z.object({
    repository: z.string().regex(/^[^/\s]+\/[^/\s]+$/, "must be owner/name"),
    /** Only this commit, with everything that is known of it. */
    commit: z.string().min(1).optional(),
    /** How many deliveries, the latest changed first. */
    limit: z.int().min(1).max(100).default(20),
  }),
  uses: { deliveries: deliveries.grant("get", "list") },
  async handler(ctx, { repository, commit, limit }) {
    if (commit !== undefined) {
      const entry = await ctx.deliveries.get({ repository, commit });
      if (entry === undefined) return { repository, deliveries: [] };
      const facts = Object.values(entry.value.facts);
      return { repository, deliveries: [{ ...answer(entry.value), facts }] };
    }
    const all = await deliveriesOf(ctx, repository);
    const latest = all.toSorted(
      (a, b) => b.changedAtMs - a.changedAtMs || (a.commit < b.commit ? -1 : 1),
    );
    const toMs = ctx.clock.now() + 1;
    const metrics = measure(all, { fromMs: toMs - RETENTION_SECONDS * 1000, toMs });
    return { repository, deliveries: latest.slice(0, limit).map(answer), metrics };
  },
});

function answer(delivery: Delivery): ReturnType<typeof summarize> & { readonly version: number } {
  return { ...summarize(delivery), version: delivery.version };
}
