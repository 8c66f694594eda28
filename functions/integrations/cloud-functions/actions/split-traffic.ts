import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { location, Operation, operationOf, placeOf, revisionId, serviceId } from "../client.ts";
import { readService, type ServiceParts, sharesOf, shortOf } from "./get-service.ts";

/** https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration#tags */
export const tagName = z.string().regex(/^[a-z](?:[a-z0-9-]{0,44}[a-z0-9])?$/);

const Share = z.object({
  /** `null` is the latest revision that is ready, now and later. */
  revision: revisionId.nullable(),
  percent: z.int().min(0).max(100),
  tag: tagName.nullable().default(null),
});

type Share = z.infer<typeof Share>;

const Split = z
  .array(Share)
  .min(1)
  .max(20)
  .refine((all) => all.reduce((sum, { percent }) => sum + percent, 0) === 100, {
    error: "must share out 100 percent",
  });

export const splitTraffic = defineAction({
  summary: "Split a service's traffic between revisions: canary, blue-green, and back",
  docs: "https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration",
  scopes: ["run.services.get", "run.services.update", "run.operations.get"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "it sets the whole split, with the etag that was read: after it took effect a repeat is refused as ABORTED",
  },
  input: z.object({
    /** For a function, the `service` behind it. */
    id: serviceId,
    location,
    /** Tags that it does not name stay, without traffic. */
    split: Split,
    /** As `get-service` gave it: nobody has changed the service since. */
    etag: z.string().min(1).max(200).optional(),
  }),
  output: z.object({
    /** False where the traffic was split so already. */
    changed: z.boolean(),
    operation: Operation.nullable(),
    /** What it was before, which is the `split` of the way back. */
    previous: z.array(Share),
  }),
  async run(api, { id, location: asked, split, etag }) {
    const [project, region] = placeOf(api, asked);
    const service = await readService(api, [project, region], id);
    const previous = currentSplit(service);
    const wanted = withTags(split, previous);
    if (etag === undefined && same(wanted, requested(service))) {
      return { changed: false, operation: null, previous };
    }
    const operation = await api.request({
      method: "PATCH",
      host: "run",
      path: path`/projects/${project}/locations/${region}/services/${id}`,
      query: { updateMask: "traffic" },
      json: { etag: etag ?? service.etag ?? undefined, traffic: targetsOf(wanted) },
      response: operationOf("services"),
    });
    return { changed: true, operation, previous };
  },
});

/** A split in Google's words. */
export function targetsOf(split: readonly Share[]) {
  return split.map(({ revision, percent, tag }) => ({
    ...(revision === null
      ? { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST" }
      : { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision }),
    percent,
    ...(tag === null ? {} : { tag }),
  }));
}

/** The traffic as it is, held at the revisions that have it now, and a tag on the one that comes. */
export function held(service: ServiceParts, candidate: string): Share[] {
  const latest = shortOf(service.latestReadyRevision);
  const pinned = currentSplit(service)
    .map((share) => ({ ...share, revision: share.revision ?? latest }))
    .filter(({ percent, tag }) => percent > 0 || (tag !== null && tag !== candidate))
    .map((share) => (share.tag === candidate ? { ...share, tag: null } : share));
  return [...pinned, { revision: null, percent: 0, tag: candidate }];
}

/** All of the traffic goes to the latest revision where nothing is said: the API's default. */
function currentSplit(service: ServiceParts): Share[] {
  const shares = sharesOf(service).map(({ revision, percent, tag }) => ({
    revision,
    percent,
    tag,
  }));
  return shares.length === 0 ? [{ revision: null, percent: 100, tag: null }] : shares;
}

function requested(service: ServiceParts): Share[] {
  return currentSplit({ ...service, trafficStatuses: undefined });
}

function withTags(split: readonly Share[], previous: readonly Share[]): Share[] {
  const named = new Set(split.map(({ tag }) => tag));
  const kept = previous.filter(({ tag }) => tag !== null && !named.has(tag));
  return [...split, ...kept.map((share) => ({ ...share, percent: 0 }))];
}

/** Shares of one revision add up; a tag without traffic is a share of its own. */
function same(one: readonly Share[], other: readonly Share[]): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
}

function canonical(split: readonly Share[]): unknown {
  const tags = split.flatMap(({ revision, tag }) => (tag === null ? [] : [`${tag}=${revision}`]));
  const byRevision = Map.groupBy(split, ({ revision }) => String(revision));
  const percents = [...byRevision].map(([revision, shares]) => [
    revision,
    shares.reduce((sum, { percent }) => sum + percent, 0),
  ]);
  return [tags.toSorted(), percents.filter(([, percent]) => percent !== 0).toSorted()];
}
