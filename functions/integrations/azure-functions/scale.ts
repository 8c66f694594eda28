import * as z from "zod";

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
