import type { Api } from "#shared/integration";
import type {
  ProposeRollbackInput,
  ProposeRollbackOutput,
} from "../actions/rollback/propose-rollback.ts";
import { refuse } from "../client.ts";
import { createBranch, createCommit, moveBranch, propose, readRef, readTree } from "./git.ts";

/** Runs `propose-rollback`. */
export async function proposeRollback(
  api: Api,
  { branch, sha: good, by, reason, ...place }: ProposeRollbackInput,
): Promise<ProposeRollbackOutput> {
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
}
