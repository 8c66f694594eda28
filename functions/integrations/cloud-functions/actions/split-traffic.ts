import { Fault } from "#shared/errors";
import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { inRegion, location, Operation, operation, revisionId, serviceId } from "../client.ts";
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
    /** `null` where nothing was changed, or its start was not heard of. */
    operation: Operation.nullable(),
    /** What it was before, which is the `split` of the way back. */
    previous: z.array(Share),
  }),
  async run(api, { id, location: asked, split, etag }) {
    const service = await readService(api, asked, id);
    const previous = currentSplit(service);
    const wanted = withTags(split, previous);
    if (etag === undefined && same(wanted, requested(service))) {
      return { changed: false, operation: null, previous };
    }
    const begun = await api
      .request(
        operation("services", {
          method: "PATCH",
          path: path`${inRegion(api, asked)}/services/${id}`,
          query: { updateMask: "traffic" },
          json: { etag: etag ?? service.etag ?? undefined, traffic: targetsOf(wanted) },
        }),
      )
      .catch(async (error: unknown) => {
        // An answer that was lost and a repeat that came too late look like somebody else's change.
        if (!Fault.is(error) || error.code !== "aborted" || etag !== undefined) throw error;
        const now = await readService(api, asked, id);
        if (same(wanted, requested(now))) return null;
        throw error;
      });
    return { changed: true, operation: begun, previous };
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
  const pinned = currentSplit(service).flatMap(({ revision, percent, tag }): Share[] => {
    const stays = tag === candidate ? null : tag;
    if (percent === 0 && stays === null) return [];
    return [{ revision: revision ?? latest, percent, tag: stays }];
  });
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
  const kept = previous.flatMap(({ revision, tag }): Share[] =>
    tag === null || named.has(tag) ? [] : [{ revision, percent: 0, tag }],
  );
  return [...split, ...kept];
}

/** Shares of one revision add up, and their order says nothing. */
function same(one: readonly Share[], other: readonly Share[]): boolean {
  const [mine, theirs] = [sumsOf(one), sumsOf(other)];
  return mine.size === theirs.size && [...mine].every(([key, sum]) => theirs.get(key) === sum);
}

function sumsOf(split: readonly Share[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { revision, percent, tag } of split) {
    if (tag !== null) sums.set(`tag ${tag} ${revision}`, 0);
    const key = `share ${revision}`;
    if (percent > 0) sums.set(key, (sums.get(key) ?? 0) + percent);
  }
  return sums;
}
