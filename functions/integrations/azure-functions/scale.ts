import { Fault } from "#shared/errors";
import { type Api, type ApiPath, path } from "#shared/integration";
import * as z from "zod";
import { arm, planPath, type Site, sitePath } from "./client.ts";

/** How an app of Flex Consumption scales: https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan */
export const flexScale = {
  maximumInstances: z.int().min(1).max(1_000),
  instanceMemoryMb: z.literal([512, 2_048, 4_096]),
  /** Requests that one instance serves at once. */
  httpConcurrency: z.int().min(1).max(1_000),
  /** Instances that are there always, by group (`http`, `blob`, `durable`) or `function:<name>`. */
  alwaysReady: z
    .array(z.object({ name: z.string().min(1).max(140), instances: z.int().min(0).max(1_000) }))
    .max(50),
};

/** How an app of another plan scales: https://learn.microsoft.com/azure/azure-functions/event-driven-scaling */
export const planScale = {
  /** 0 is no limit of its own. */
  maximumInstances: z.int().min(0).max(200),
  /** Premium only. */
  minimumInstances: z.int().min(0).max(20),
  preWarmedInstances: z.int().min(0).max(10),
};

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

export const FlexScale = z.object({
  maximumInstances: z.number().optional(),
  instanceMemoryMb: z.number().optional(),
  httpConcurrency: z.number().optional(),
  alwaysReady: z.array(z.object({ name: z.string(), instances: z.number() })),
});

export const PlanScale = z.object({
  maximumInstances: z.number(),
  minimumInstances: z.number(),
  preWarmedInstances: z.number(),
});

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
