import type { Clients } from "#shared/function";
import { fingerprint } from "#shared/idempotency";
import type { Outcome } from "../decide.ts";
import { type Deployment, keyOf } from "../deployment.ts";
import type { CloudRunTarget } from "../pipeline.ts";
import type { cloudRunActions, Place, Share } from "./cloud-run-actions.ts";
import { type Cloud, done, failed, foundBy, NOTHING_FOUND, wait } from "./cloud.ts";

/** By which the release is called before it has traffic. */
const TAG = "candidate";

/** A release as a revision of a service (https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration). */
export function cloudRunCloud(
  ctx: Clients<typeof cloudRunActions>,
  row: Deployment,
  { service: id, location, healthPath }: CloudRunTarget,
): Cloud {
  const place = { id, ...(location !== undefined && { location }) };
  const found = foundBy(row);
  const split = async (percent: number): Promise<Outcome> => {
    if (found === undefined) return failed(NOTHING_FOUND);
    const { candidate, stable } = found;
    const shares = [
      { revision: candidate, percent, tag: TAG },
      { revision: stable, percent: 100 - percent },
    ].filter((share) => share.percent > 0 || share.revision === candidate);
    await ctx.runSplit(
      { ...place, split: shares },
      { idempotencyKey: keyOf(row, "split-traffic") },
    );
    return settled(ctx, place, shares);
  };
  return {
    prepare: () => prepare(ctx, row, place),
    shift: split,
    rollback: () => split(0),
    async probe() {
      const call = { ...place, tag: TAG, method: "GET", path: healthPath };
      const { status } = await ctx.runCall(call);
      return { healthy: status >= 200 && status < 300, reason: `${healthPath} answers ${status}` };
    },
  };
}

type Context = Clients<typeof cloudRunActions>;

/** Makes a revision of exactly the image that was verified, under a name of its own, which shows a repeat that it is there. */
async function prepare(ctx: Context, row: Deployment, place: Place): Promise<Outcome> {
  const candidate = revisionOf(row, place.id);
  const now = await ctx.runService(place);
  if (now.latestCreatedRevision !== candidate) {
    const [only, ...others] = now.traffic.filter(({ percent }) => percent > 0);
    if (others.length > 0) return failed("its traffic is split already; settle that first");
    if ((only?.revision ?? now.latestReadyRevision) === null) return failed("nothing serves yet");
    const image = `docker.io/${row.pipeline.image}@${row.facts.digest ?? ""}`;
    await ctx.runUpdate(
      { ...place, image, revision: candidate, candidate: TAG },
      { idempotencyKey: keyOf(row, "update-service") },
    );
    return wait("the revision is being made", 5);
  }
  if (now.latestReadyRevision !== candidate) {
    if (now.reconciling || now.problem === null) return wait("the revision is not ready", 10);
    return failed(`the revision does not start: ${now.problem}`);
  }
  if (now.reconciling) return wait("the service is being changed", 5);
  // The update held the traffic where it was, by name.
  const [serving, ...others] = now.traffic.filter(({ percent }) => percent > 0);
  const stable = serving?.revision ?? undefined;
  if (stable === undefined || stable === candidate || others.length > 0) {
    return failed("its traffic is not with one earlier revision; settle that first");
  }
  return { kind: "done", facts: { stable, candidate } };
}

/** The vendor takes a split at once and puts it into effect later. */
async function settled(ctx: Context, place: Place, shares: readonly Share[]): Promise<Outcome> {
  const { traffic, reconciling } = await ctx.runService(place);
  const isIn = shares.every(({ revision, percent }) => {
    const parts = traffic.filter((one) => one.revision === revision);
    return parts.reduce((sum, one) => sum + one.percent, 0) === percent;
  });
  return isIn && !reconciling ? done : wait("the traffic is still being split", 5);
}

/** Fewer than 64 characters, as revisions' names have to be. */
function revisionOf({ repository, id }: Deployment, service: string): string {
  return `${service}-r${fingerprint([repository, id]).slice(0, 12)}`;
}
