import { type Api, defineAction, path } from "#shared/integration";
import * as z from "zod";
import { docsOf, from, idOf, inRegion, listOf, location, readPages, serviceId } from "../client.ts";

const text = z.string().nullable();

/** A revision with what it is charged by. */
export const Revision = z.object({
  id: z.string(),
  service: text,
  ready: z.boolean(),
  problem: text,
  /** Of all its containers together. */
  vcpu: z.number(),
  memoryGib: z.number(),
  /** Billed for an instance's life instead of its requests. */
  cpuAlways: z.boolean(),
  gpu: z.boolean(),
  minInstances: z.int(),
  maxInstances: z.int().nullable(),
  images: z.array(z.string()),
  etag: text,
  createdAt: text,
});

const maybe = z.string().nullish();

const Container = z.object({
  image: maybe,
  resources: z
    .object({
      limits: z.record(z.string(), z.string()).nullish(),
      cpuIdle: z.boolean().nullish(),
    })
    .nullish(),
});

/** https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.revisions#Revision */
const RevisionAnswer = z
  .object({
    name: z.string(),
    service: maybe,
    etag: maybe,
    createTime: maybe,
    conditions: z.array(z.object({ type: maybe, state: maybe, message: maybe })).nullish(),
    containers: z.array(Container).nullish(),
    scaling: z
      .object({ minInstanceCount: z.int().nullish(), maxInstanceCount: z.int().nullish() })
      .nullish(),
  })
  .transform((given): z.infer<typeof Revision> => {
    const containers = given.containers ?? [];
    const limits = containers.map(({ resources }) => resources?.limits ?? {});
    const ready = given.conditions?.find(({ type }) => type === "Ready");
    const isReady = ready?.state === "CONDITION_SUCCEEDED";
    return {
      id: idOf(given.name),
      service: given.service ? idOf(given.service) : null,
      ready: isReady,
      problem: isReady ? null : (ready?.message ?? null),
      // Google's own defaults: https://cloud.google.com/run/docs/configuring/services/cpu
      vcpu: sum(limits.map(({ cpu }) => quantity(cpu ?? "1"))),
      memoryGib: sum(limits.map((one) => quantity(one["memory"] ?? "512Mi"))) / 2 ** 30,
      cpuAlways: containers[0]?.resources?.cpuIdle === false,
      gpu: limits.some((one) => one["nvidia.com/gpu"] !== undefined),
      minInstances: given.scaling?.minInstanceCount ?? 0,
      maxInstances: given.scaling?.maxInstanceCount ?? null,
      images: containers.flatMap(({ image }) => image ?? []),
      etag: given.etag ?? null,
      createdAt: given.createTime ?? null,
    };
  });

const units: Readonly<Record<string, number>> = {
  "": 1,
  m: 1 / 1_000,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/; not a number for anything else. */
export function quantity(written: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(written) ?? [];
  return number === "" ? Number.NaN : Number(number) * (units[unit] ?? Number.NaN);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export const listRevisions = defineAction({
  summary: "List the revisions of a service, the newest first, with their sizes",
  docs: `${docsOf.services}.revisions/list`,
  scopes: ["run.revisions.list"],
  effect: "read",
  input: z.object({ service: serviceId, location, from }),
  output: listOf(Revision),
  run: (api, { service, location: asked, from: position }) =>
    readRevisions(api, asked, { service, from: position }),
});

/** Reads revisions, of one service or of all (`-`). */
export function readRevisions(
  api: Api,
  at: string | undefined,
  about: { readonly service: string; readonly from?: string | undefined; readonly deleted?: true },
): Promise<{ items: z.infer<typeof Revision>[]; next: string | null }> {
  return readPages(
    api,
    {
      host: "run",
      path: path`${inRegion(api, at)}/services/${about.service}/revisions`,
      query: { showDeleted: about.deleted },
    },
    { member: "revisions", item: RevisionAnswer, from: about.from },
  );
}
