import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository, rest } from "../../client.ts";

const input = z.object({
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
});

const output = z.object({
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
});

export type ListActivityInput = z.output<typeof input>;
export type ListActivityOutput = z.input<typeof output>;

export const listActivity = defineAction({
  summary: "List who pushed, force-pushed, merged, made or deleted which branch, newest first",
  docs: rest("repos/repos#list-repository-activities"),
  scopes: ["contents:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../runs/runs.ts")).listActivity(api, given),
});
