import { type Api, defineAction, path } from "#shared/integration";
import * as z from "zod";
import { docsOf, idOf, inRegion, location, regionOf, serviceId } from "../client.ts";

const text = z.string().nullable();

/** A share of the traffic, and a name by which a revision is called without any. */
export const Share = z.object({
  /** `null` is the latest revision that is ready. */
  revision: text,
  percent: z.int(),
  tag: text,
  /** Where the tag is called. */
  uri: text,
});

/** A service as it runs. */
export const ServiceState = z.object({
  id: z.string(),
  location: z.string(),
  uri: text,
  /** Whether the last change is in effect, and what Google says if it is not. */
  ready: z.boolean(),
  reconciling: z.boolean(),
  problem: text,
  image: text,
  latestReadyRevision: text,
  latestCreatedRevision: text,
  traffic: z.array(Share),
  /** Changes with every change; given back, it lets a write through only if nobody else was faster. */
  etag: text,
  updatedAt: text,
});

const maybe = z.string().nullish();

/** https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services#TrafficTarget */
export const TrafficTarget = z.object({
  type: z.string().nullish(),
  revision: maybe,
  percent: z.int().nullish(),
  tag: maybe,
  uri: maybe,
});

const Condition = z.object({ state: maybe, message: maybe });

/** The members of a service that its changes read. */
export const ServiceParts = z.looseObject({
  name: z.string(),
  uri: maybe,
  etag: maybe,
  reconciling: z.boolean().nullish(),
  latestReadyRevision: maybe,
  latestCreatedRevision: maybe,
  updateTime: maybe,
  terminalCondition: Condition.nullish(),
  template: z
    .looseObject({ containers: z.array(z.looseObject({ image: maybe })).nullish() })
    .nullish(),
  traffic: z.array(TrafficTarget).nullish(),
  trafficStatuses: z.array(TrafficTarget).nullish(),
});

export type ServiceParts = z.infer<typeof ServiceParts>;

/** https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services#Service */
export const ServiceAnswer = ServiceParts.transform((given): z.infer<typeof ServiceState> => {
  const { terminalCondition: condition } = given;
  const ready = condition?.state === "CONDITION_SUCCEEDED";
  return {
    id: idOf(given.name),
    location: regionOf(given.name),
    uri: given.uri ?? null,
    ready,
    reconciling: given.reconciling ?? false,
    problem: ready ? null : (condition?.message ?? null),
    image: given.template?.containers?.[0]?.image ?? null,
    latestReadyRevision: shortOf(given.latestReadyRevision),
    latestCreatedRevision: shortOf(given.latestCreatedRevision),
    traffic: sharesOf(given),
    etag: given.etag ?? null,
    updatedAt: given.updateTime ?? null,
  };
});

/** How the traffic is split: what is in effect, or what was asked for where nothing is yet. */
export function sharesOf({ traffic, trafficStatuses }: ServiceParts): z.infer<typeof Share>[] {
  return (trafficStatuses ?? traffic ?? []).map((one) => ({
    revision: one.type === "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST" ? null : shortOf(one.revision),
    percent: one.percent ?? 0,
    tag: one.tag || null,
    uri: one.uri ?? null,
  }));
}

/** The id in a name, which is there, empty or left out. */
export function shortOf(name: string | null | undefined): string | null {
  return name ? idOf(name) : null;
}

/** Reads a service with all its settings. */
export function readService(api: Api, at: string | undefined, id: string): Promise<ServiceParts> {
  return api.request({
    method: "GET",
    host: "run",
    path: path`${inRegion(api, at)}/services/${id}`,
    response: ServiceParts,
  });
}

export const getService = defineAction({
  summary: "Read a service: its address, whether it is ready, its revisions and their traffic",
  docs: `${docsOf.services}/get`,
  scopes: ["run.services.get"],
  effect: "read",
  input: z.object({ id: serviceId, location }),
  output: ServiceState,
  async run(api, { id, location: asked }) {
    return ServiceAnswer.parse(await readService(api, asked, id));
  },
});
