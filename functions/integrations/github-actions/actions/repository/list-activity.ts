import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { listPage, next, paging, repository } from "../../client.ts";

const Activity = z.object({
  id: z.int(),
  before: z.string(),
  after: z.string(),
  ref: z.string(),
  timestamp: z.string(),
  activity_type: z.string(),
  actor: z.object({ login: z.string() }).nullable(),
});

export const listActivity = defineAction({
  summary: "List who pushed, force-pushed, merged, made or deleted which branch, newest first",
  docs: "https://docs.github.com/rest/repos/repos#list-repository-activities",
  scopes: ["contents:read"],
  effect: "read",
  input: z.object({
    ...repository,
    ...paging,
    /** Branch or tag, in full: `refs/heads/main`. */
    ref: z.string().min(1).optional(),
    actor: z.string().min(1).optional(),
    period: z.enum(["day", "week", "month", "quarter", "year"]).optional(),
    type: z
      .enum([
        "push",
        "force_push",
        "branch_creation",
        "branch_deletion",
        "pr_merge",
        "merge_queue_merge",
      ])
      .optional(),
  }),
  output: z.object({
    activities: z.array(
      z.object({
        id: z.int(),
        type: z.string(),
        actor: z.string().nullable(),
        ref: z.string(),
        before: z.string(),
        after: z.string(),
        at: z.string(),
      }),
    ),
    next,
  }),
  async run(api, { owner, repo, period, type, ref, actor, ...page }) {
    const found = await listPage(api, {
      ...page,
      path: path`/repos/${owner}/${repo}/activity`,
      query: { ref, actor, time_period: period, activity_type: type },
      params: ["after"],
      response: z.array(Activity),
      items: (activities) => activities,
    });
    const activities = found.items.map(({ timestamp, activity_type, ...one }) => ({
      ...one,
      type: activity_type,
      actor: one.actor?.login ?? null,
      at: timestamp,
    }));
    return { activities, next: found.next };
  },
});
