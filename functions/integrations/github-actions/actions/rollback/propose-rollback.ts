import { defineAction } from "#shared/integration";
import * as z from "zod";
import { repository, rest, sha } from "../../client.ts";

const input = z.object({
  ...repository,
  branch: z.string().min(1).max(255),
  /** The commit whose content the branch shall have. */
  sha,
  /** `commit` moves the branch itself forward, which its protection may forbid. */
  by: z.enum(["pull-request", "commit"]).default("pull-request"),
  reason: z.string().min(1).max(1_000),
});

const output = z.object({
  /** `false` where the branch has this content already. */
  changed: z.boolean(),
  commit: z.string().nullable(),
  pullRequest: z.object({ number: z.int(), url: z.string() }).nullable(),
});

export type ProposeRollbackInput = z.output<typeof input>;
export type ProposeRollbackOutput = z.input<typeof output>;

export const proposeRollback = defineAction({
  summary:
    "Bring a branch back to the content of a good commit by a new commit, in a pull request of its own or directly",
  docs: rest("git/commits#create-a-commit"),
  scopes: ["contents:write", "pull_requests:write"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "branch and pull request are named after both commits and are found again",
  },
  input,
  output,
  run: async (api, given) => (await import("../../deploy/propose.ts")).proposeRollback(api, given),
});
