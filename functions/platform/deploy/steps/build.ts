import type { Clients } from "#shared/function";
import type { Outcome } from "../decide.ts";
import { builds, type Deployment, keyOf, RETENTION_SECONDS } from "../deployment.ts";
import { sourceActions } from "./actions.ts";

export const buildUses = { ...sourceActions, builds: builds.grant("create") };
type Context = Clients<typeof buildUses>;

/** The event says when a run is over; this is for events that do not come. */
const POLL_SECONDS = 120;
/** GitHub's clock is not ours. */
const CLOCK_ROOM_MS = 60_000;

/** Starts the workflow at the tag, or finds the run that an attempt that died has started. */
export async function dispatchBuild(ctx: Context, row: Deployment): Promise<Outcome> {
  const { workflow } = row.pipeline;
  const place = placeOf(row);
  let run = row.attempts > 1 ? await findRun(ctx, row) : undefined;
  if (run === undefined) {
    const input = { ...place, workflow, ref: row.tag };
    const { runId, url } = await ctx.dispatch(input, { idempotencyKey: keyOf(row, "dispatch") });
    if (runId !== null) run = { id: runId, url: url ?? "" };
  }
  // An older GitHub Enterprise server does not tell which run it has started.
  run ??= await findRun(ctx, row);
  if (run === undefined) return { kind: "wait", reason: "no run has begun", afterSeconds: 10 };
  const { repository, id } = row;
  const index = { repository, run: String(run.id), id };
  await ctx.builds.create(index, { ttlSeconds: RETENTION_SECONDS });
  return { kind: "done", facts: { runId: run.id, runUrl: run.url } };
}

/** Asks GitHub how the run stands: an event only says when to ask. */
export async function awaitBuild(ctx: Context, row: Deployment): Promise<Outcome> {
  const { runId } = row.facts;
  if (runId === undefined) return { kind: "failed", reason: "no run is known" };
  const { done, conclusion } = await ctx.readRun({ ...placeOf(row), runId });
  if (!done) return { kind: "wait", reason: "the build is running", afterSeconds: POLL_SECONDS };
  if (conclusion === "success") return { kind: "done" };
  return { kind: "failed", reason: `the build ended as ${conclusion ?? "unknown"}` };
}

/** Holds the image to the policy; what it is, is its digest from then on, wherever its tag is moved to. */
export async function verifyImage(ctx: Context, { pipeline, tag }: Deployment): Promise<Outcome> {
  const { image, policy } = pipeline;
  const verdict = await ctx.verify({ repository: image, reference: tag, policy });
  if (verdict.trusted) return { kind: "done", facts: { digest: verdict.digest } };
  const reason = `image ${image}:${tag} is not trusted (${verdict.reasons.join(", ")})`;
  return { kind: "failed", reason };
}

/** The oldest run that was dispatched for the tag since the deployment began. */
async function findRun(
  ctx: Context,
  row: Deployment,
): Promise<{ readonly id: number; readonly url: string } | undefined> {
  const { workflow } = row.pipeline;
  const query = { ...placeOf(row), workflow, branch: row.tag, event: "workflow_dispatch" };
  const { runs } = await ctx.runs(query);
  return runs.findLast(({ createdAt }) => Date.parse(createdAt) >= row.startedAtMs - CLOCK_ROOM_MS);
}

function placeOf({ repository }: Deployment): { readonly owner: string; readonly repo: string } {
  const [owner = "", repo = ""] = repository.split("/");
  return { owner, repo };
}
