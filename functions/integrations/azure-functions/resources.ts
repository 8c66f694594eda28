import { type Api, type ApiPath, type ApiTarget, list, path } from "#shared/integration";
import * as z from "zod";
import { arm, type Site, sitePath, Time } from "./client.ts";

/** An app or a slot, as far as it matters to who calls. */
export const App = z.object({
  name: z.string(),
  /** Set for a slot. */
  slot: z.string().optional(),
  resourceGroup: z.string(),
  location: z.string(),
  os: z.enum(["linux", "windows"]),
  /** On a plan of the kind Flex Consumption. */
  flex: z.boolean(),
  state: z.string(),
  hostName: z.string(),
  planId: z.string().optional(),
  modifiedAt: z.string().optional(),
});

const Kind = z.string().nullish();

/** A site that is a function app; plain web apps and workflows have other kinds. */
export function isFunctionApp({ kind }: { readonly kind?: string | null | undefined }): boolean {
  const kinds = (kind ?? "").split(",");
  return kinds.includes("functionapp") && !kinds.includes("workflowapp");
}

export const AppAnswer = z.object({
  name: z.string(),
  kind: Kind,
  location: z.string(),
  properties: z.object({
    state: z.string(),
    resourceGroup: z.string(),
    defaultHostName: z.string(),
    reserved: z.boolean().nullish(),
    serverFarmId: z.string().nullish(),
    lastModifiedTimeUtc: Time.nullish(),
    functionAppConfig: z.unknown().optional(),
    hostNameSslStates: z.array(z.object({ name: z.string(), hostType: z.string() })).nullish(),
  }),
});

export function appOf({
  name,
  location,
  properties,
}: z.output<typeof AppAnswer>): z.input<typeof App> {
  const [parent = "", slot] = name.split("/");
  return {
    name: parent,
    slot,
    resourceGroup: properties.resourceGroup,
    location,
    os: properties.reserved === true ? "linux" : "windows",
    flex: isFlex({ properties }),
    state: properties.state,
    hostName: properties.defaultHostName,
    planId: properties.serverFarmId ?? undefined,
    modifiedAt: properties.lastModifiedTimeUtc ?? undefined,
  };
}

export function isFlex({ properties }: Pick<z.output<typeof AppAnswer>, "properties">): boolean {
  const { functionAppConfig } = properties;
  return functionAppConfig !== undefined && functionAppConfig !== null;
}

export function readApp(api: Api, at: Site): Promise<z.output<typeof AppAnswer>> {
  return api.request(arm({ method: "GET", path: sitePath(api, at), response: AppAnswer }));
}

/** A resource as it is, to be sent back whole with what is to change: a PUT replaces it. */
export const Whole = z.looseObject({
  location: z.string(),
  kind: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  identity: z.unknown().optional(),
  properties: z.looseObject({}),
});

/** An App Service plan. */
export const Plan = z.object({
  name: z.string(),
  resourceGroup: z.string(),
  location: z.string(),
  sku: z.string(),
  tier: z.string(),
  /** Instances that are there always. */
  capacity: z.int(),
  /** Up to how many instances a premium plan grows. */
  maximumInstances: z.int().optional(),
  apps: z.int().optional(),
});

export const PlanAnswer = z
  .object({
    name: z.string(),
    location: z.string(),
    sku: z.object({ name: z.string(), tier: z.string(), capacity: z.int().nullish() }),
    properties: z.object({
      resourceGroup: z.string(),
      elasticScaleEnabled: z.boolean().nullish(),
      maximumElasticWorkerCount: z.int().nullish(),
      numberOfSites: z.int().nullish(),
    }),
  })
  .transform(({ name, location, sku, properties }) => ({
    name,
    location,
    resourceGroup: properties.resourceGroup,
    sku: sku.name,
    tier: sku.tier,
    capacity: sku.capacity ?? 0,
    maximumInstances: properties.maximumElasticWorkerCount ?? undefined,
    apps: properties.numberOfSites ?? undefined,
  }));

/**
 * Reads a list of the management API from a position on:
 * https://learn.microsoft.com/rest/api/azure/#async-operations-throttling-and-paging
 */
export async function readList<T extends z.ZodType>(
  api: Api,
  target: Pick<ApiTarget, "path" | "json"> & { readonly method?: "GET" | "POST" },
  item: T,
  start: string | undefined,
): Promise<{ items: z.output<T>[]; next: string | null }> {
  const response = z.object({ value: z.array(item), nextLink: z.string().nullish() });
  const call = arm({ method: "GET", ...target, response });
  const paging = {
    kind: "url",
    items: (page: z.output<typeof response>) => page.value,
    next: (page: z.output<typeof response>) => page.nextLink,
    params: ["$skiptoken", "$skipToken", "skipToken"],
  } as const;
  const { items, next } = await list(api, call, paging, { from: start, enough: 200 });
  return { items: [...items], next };
}

/** Where a list is gone on with, as it was given out. */
export const from = z.string().min(1).max(2_048).optional();

/** A list as our callers get it. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** Settings of an app, which are secrets in part: only their names are ever given out. */
const Settings = z.object({ properties: z.record(z.string(), z.string()).nullish() });

export async function readSettings(api: Api, at: Site): Promise<Readonly<Record<string, string>>> {
  const target = sitePath(api, at, path`/config/appsettings/list`);
  const call = arm({ method: "POST", path: target, safe: true, response: Settings });
  return (await api.request(call)).properties ?? {};
}

/** Sets and removes some settings and leaves the others. The vendor takes them only all at once and has no precondition. */
export async function mergeSettings(
  api: Api,
  at: Site,
  {
    set,
    remove,
  }: { readonly set: Readonly<Record<string, string>>; readonly remove: readonly string[] },
): Promise<{ readonly names: string[] }> {
  const before = Object.entries(await readSettings(api, at));
  const kept = before.filter(([name]) => !remove.includes(name));
  const properties = { ...Object.fromEntries(kept), ...set };
  const target: ApiPath = sitePath(api, at, path`/config/appsettings`);
  const call = arm({ method: "PUT", path: target, json: { properties }, response: Settings });
  const after = await api.request(call);
  return { names: Object.keys(after.properties ?? {}).toSorted() };
}
