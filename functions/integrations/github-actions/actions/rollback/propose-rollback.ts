import { defineAction } from "#shared/integration";
import * as z from "zod";
import { refuse, repository, sha } from "../../client.ts";
import {
  createBranch,
  createCommit,
  moveBranch,
  propose,
  readRef,
  readTree,
} from "../../deploy/git.ts";

export const proposeRollback = defineAction({
  summary:
    "Bring a branch back to the content of a good commit by a new commit, in a pull request of its own or directly",
  docs: "https://docs.github.com/rest/git/commits#create-a-commit",
  scopes: ["contents:write", "pull_requests:write"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "branch and pull request are named after both commits and are found again",
  },
  input: z.object({
    ...repository,
    branch: z.string().min(1).max(255),
    /** The commit whose content the branch shall have. */
    sha,
    /** `commit` moves the branch itself forward, which its protection may forbid. */
    by: z.enum(["pull-request", "commit"]).default("pull-request"),
    reason: z.string().min(1).max(1_000),
  }),
  output: z.object({
    /** `false` where the branch has this content already. */
    changed: z.boolean(),
    commit: z.string().nullable(),
    pullRequest: z.object({ number: z.int(), url: z.string() }).nullable(),
  }),
  async run(api, { branch, sha: good, by, reason, ...place }) {
    const head = await readRef(api, place, `heads/${branch}`);
    if (head === undefined) throw refuse("rollback: no such branch; name one of the repository");
    const wanted = await readTree(api, place, good);
    const present = await readTree(api, place, head);
    if (wanted === present) return { changed: false, commit: null, pullRequest: null };
    const title = `Roll back to ${good.slice(0, 7)}`;
    const content = { message: `${title}\n\n${reason}`, tree: wanted, parents: [head] };
    if (by === "commit") {
      const commit = await createCommit(api, place, content);
      await moveBranch(api, place, branch, commit);
      return { changed: true, commit, pullRequest: null };
    }
    const own = `rollback/${good.slice(0, 12)}-${head.slice(0, 12)}`;
    const commit =
      (await readRef(api, place, `heads/${own}`)) ??
      (await createBranch(api, place, own, await createCommit(api, place, content)));
    const pullRequest = await propose(api, place, { title, body: reason, head: own, base: branch });
    return { changed: true, commit, pullRequest };
  },
});
