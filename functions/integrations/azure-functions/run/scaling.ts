import { Fault } from "#shared/errors";
import { type Api, type ApiPath, path } from "#shared/integration";
import * as z from "zod";
import type { PlanSize } from "../actions/scale/scale-plan.ts";
import type { Scaling } from "../actions/scale/update-scale.ts";
import { arm, planPath, type Site, sitePath } from "../client.ts";
import { change } from "../operation.ts";
import { PlanAnswer, readApp, Whole } from "../resources.ts";
import type { FlexScale } from "../scale.ts";

/** Reads how an app or slot scales, and its plan. */
export async function readScaling(api: Api, at: Site) {
  const { properties } = await readApp(api, at);
  const target = planOf(api, properties.serverFarmId);
  const plan = await api.request(arm({ method: "GET", path: target, response: PlanAnswer }));
  const flex = flexScaleOf(properties.functionAppConfig);
  return flex === undefined ? { plan, site: await readPlanScale(api, at) } : { plan, flex };
}

/** Sets how an app or slot scales. */
export async function updateScaling(api: Api, input: Scaling) {
  if ("flex" in input) {
    const { flex, ...at } = input;
    return updateFlex(api, at, flex);
  }
  const { plan, ...at } = input;
  const properties = {
    functionAppScaleLimit: plan.maximumInstances,
    minimumElasticInstanceCount: plan.minimumInstances,
    preWarmedInstanceCount: plan.preWarmedInstances,
  };
  const target = sitePath(api, at, path`/config/web`);
  const response = PlanScaleAnswer;
  await api.request(arm({ method: "PATCH", path: target, json: { properties }, response }));
  return { done: true };
}

const Config = z.looseObject({
  scaleAndConcurrency: z.looseObject({ triggers: z.looseObject({}).nullish() }),
});

/** The vendor's PATCH does not know this part of an app, so that the whole app is read and sent back. */
async function updateFlex(api: Api, at: Site, flex: Extract<Scaling, { flex: unknown }>["flex"]) {
  const target = sitePath(api, at);
  const whole = await api.request(arm({ method: "GET", path: target, response: Whole }));
  const config = Config.safeParse(whole.properties["functionAppConfig"]);
  if (!config.success) {
    throw new Fault(
      "failed_precondition",
      "azure-functions.update-scale: the app is not on flex consumption; give plan instead of flex",
      { origin: "caller" },
    );
  }
  const { scaleAndConcurrency: before } = config.data;
  const scaleAndConcurrency = {
    ...before,
    ...given("maximumInstanceCount", flex.maximumInstances),
    ...given("instanceMemoryMB", flex.instanceMemoryMb),
    ...given(
      "alwaysReady",
      flex.alwaysReady?.map(({ name, instances }) => ({ name, instanceCount: instances })),
    ),
    ...given(
      "triggers",
      flex.httpConcurrency === undefined
        ? undefined
        : { ...before.triggers, http: { perInstanceConcurrency: flex.httpConcurrency } },
    ),
  };
  const functionAppConfig = { ...config.data, scaleAndConcurrency };
  const { location, kind, tags, identity } = whole;
  // The read shows the configuration in part, and a PUT without it leaves it as it is.
  const properties = { ...whole.properties, siteConfig: undefined, functionAppConfig };
  const json = { location, kind, tags, identity, properties };
  return change(api, { method: "PUT", path: target, json });
}

function given(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : { [name]: value };
}

const WholePlan = Whole.extend({ sku: z.looseObject({}) });

/** Sets the size of a plan. */
export async function sizePlan(
  api: Api,
  { resourceGroup: group, plan, sku, capacity, maximumInstances }: PlanSize,
) {
  const target = planPath(api, group, plan);
  const whole = await api.request(arm({ method: "GET", path: target, response: WholePlan }));
  const { location, kind, tags } = whole;
  const size =
    sku === undefined ? {} : { name: sku, size: sku, tier: "ElasticPremium", family: "EP" };
  const json = {
    location,
    kind,
    tags,
    sku: { ...whole.sku, ...size, ...(capacity === undefined ? {} : { capacity }) },
    properties: {
      ...whole.properties,
      ...(maximumInstances === undefined ? {} : { maximumElasticWorkerCount: maximumInstances }),
    },
  };
  return change(api, { method: "PUT", path: target, json });
}

const Scale = z.object({
  alwaysReady: z.array(z.object({ name: z.string(), instanceCount: z.number() })).nullish(),
  maximumInstanceCount: z.number().nullish(),
  instanceMemoryMB: z.number().nullish(),
  triggers: z
    .object({ http: z.object({ perInstanceConcurrency: z.number().nullish() }).nullish() })
    .nullish(),
});

/** What an app of Flex Consumption says of its scaling; `undefined` for any other. */
export function flexScaleOf(functionAppConfig: unknown): z.infer<typeof FlexScale> | undefined {
  const parsed = z.object({ scaleAndConcurrency: Scale }).safeParse(functionAppConfig);
  if (!parsed.success) return undefined;
  const { alwaysReady, maximumInstanceCount, instanceMemoryMB, triggers } =
    parsed.data.scaleAndConcurrency;
  return {
    maximumInstances: maximumInstanceCount ?? undefined,
    instanceMemoryMb: instanceMemoryMB ?? undefined,
    httpConcurrency: triggers?.http?.perInstanceConcurrency ?? undefined,
    alwaysReady: (alwaysReady ?? []).map(({ name, instanceCount }) => ({
      name,
      instances: instanceCount,
    })),
  };
}

export const PlanScaleAnswer = z
  .object({
    properties: z.object({
      functionAppScaleLimit: z.number().nullish(),
      minimumElasticInstanceCount: z.number().nullish(),
      preWarmedInstanceCount: z.number().nullish(),
    }),
  })
  .transform(({ properties }) => ({
    maximumInstances: properties.functionAppScaleLimit ?? 0,
    minimumInstances: properties.minimumElasticInstanceCount ?? 0,
    preWarmedInstances: properties.preWarmedInstanceCount ?? 0,
  }));

/** How an app or slot of a plan other than Flex Consumption scales. */
export function readPlanScale(api: Api, at: Site): Promise<z.output<typeof PlanScaleAnswer>> {
  const target = sitePath(api, at, path`/config/web`);
  return api.request(arm({ method: "GET", path: target, response: PlanScaleAnswer }));
}

const PLAN_ID =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Web\/serverfarms\/([^/]+)$/i;

/** The path of the plan that an app names. Throws `internal` from `upstream` for what is no plan of this subscription. */
export function planOf(api: Api, planId: string | null | undefined): ApiPath {
  const [, subscription, group, plan] = PLAN_ID.exec(planId ?? "") ?? [];
  const own = subscription?.toLowerCase() === api.config["subscription-id"]?.toLowerCase();
  if (group !== undefined && plan !== undefined && own) return planPath(api, group, plan);
  throw new Fault(
    "internal",
    "azure-functions.plan: the app names no plan of its subscription; see it in the portal",
    { origin: "upstream" },
  );
}
