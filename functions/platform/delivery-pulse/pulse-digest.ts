import { cron, defineFunction, scheduleTrigger } from "#shared/function";
import * as z from "zod";
import { repositories } from "./delivery.ts";
import { publishRequests } from "./queues.ts";

/** The day that is told about, and the hour by which a repository's last activity may be recorded late. */
const ACTIVE_MS = 25 * 3_600_000;

/** Asks once a day for the digest of every repository that had news. */
export const pulseDigest = defineFunction({
  name: "pulse-digest",
  summary: "Every morning at 08:00 UTC: one Slack digest for each repository with news.",
  trigger: scheduleTrigger(cron("0 8 * * *"), { missed: "once" }),
  input: z.unknown(),
  uses: { repositories: repositories.grant("list"), publishing: publishRequests.grant("send") },
  async handler(ctx, { slot }) {
    const toMs = slot.getTime();
    let after: string | undefined;
    do {
      const page = await ctx.repositories.list("all", { after });
      after = page.cursor;
      const active = page.items.filter(({ value }) => value.activeAtMs >= toMs - ACTIVE_MS);
      // To ask twice is harmless: the digest of a slot is one message however often it is asked for.
      const asked = await ctx.publishing.send(
        active.map(({ value }) => ({ kind: "digest", repository: value.repository, toMs })),
      );
      for (const result of asked) if (!result.ok) throw result.fault;
    } while (after !== undefined);
  },
});
