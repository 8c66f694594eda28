import { readFileSync } from "node:fs";
import * as z from "zod";
import { checkPriceBook, type PriceBook } from "../../shared/routing/index.ts";
import { InputError } from "./input-error.ts";

/** The Azure plan that takes part: Consumption, or Flex Consumption. */
export type AzurePlan = "y1" | "flex";

/** The books of the three arms, by scope. */
export type Books = Readonly<Record<"aws" | "azure" | "gcp", PriceBook>>;

const tiers = z.array(z.object({ usd: z.number() })).min(1);
const byTier = z.object({ 1: z.number() });

/** The part of a price sheet that the benchmark needs. */
const PriceSheet = z.object({
  compiled: z.string(),
  aws: z.object({
    lambda: z.object({
      request_per_million: z.number(),
      tiers_gb_s: z.object({ arm: tiers }),
      rounding_ms: z.number(),
      min_ms: z.number(),
      memory_mb: z.object({ min: z.number(), max: z.number(), step: z.number() }),
      free_month: z.object({ requests: z.number(), gb_s: z.number() }),
    }),
    egress_internet_first_10tb: z.object({ "us-east-1": z.number() }),
    egress_free_gb_month: z.number(),
  }),
  azure: z.object({
    functions_consumption: z.object({
      gb_s: z.number(),
      exec_per_million: z.number(),
      rounding_ms: z.number(),
      min_ms: z.number(),
      memory_round_mb: z.number(),
      memory_min_mb: z.number(),
      memory_max_mb: z.number(),
      free_month: z.object({ executions: z.number(), gb_s: z.number() }),
    }),
    functions_flex: z.object({
      on_demand_gb_s: z.number(),
      exec_per_million: z.number(),
      min_ms: z.number(),
      rounding_ms: z.number(),
      instance_mb: z.array(z.number()).min(1),
      free_month: z.object({ executions: z.number(), gb_s: z.number() }),
    }),
    egress_internet: z.object({ zone1_na_eu: tiers }),
  }),
  gcp: z.object({
    cloud_run: z.object({
      request_based: z.object({
        vcpu_s: byTier,
        gib_s: byTier,
        request_per_million: z.number(),
        rounding_ms: z.number(),
        free_month: z.object({
          requests: z.number(),
          vcpu_s: z.number(),
          gib_s: z.number(),
          egress_gb_na: z.number(),
        }),
      }),
      fn_memory_to_vcpu_default: z.record(z.string(), z.number()),
    }),
    egress_internet: z.object({ premium: tiers }),
  }),
});

type Sheet = z.infer<typeof PriceSheet>;

/**
 * Reads a price sheet and makes books of it, each checked as the product checks a new epoch. Throws InputError for a
 * file that is no such sheet, and for a figure that is absurd: negative, not a number, zero, off by a power of ten.
 */
export function readBooks(file: string, plan: AzurePlan): Books {
  const json = readJson(file);
  const negative = findNegative(json);
  if (negative !== undefined) throw new InputError(`${file}: ${negative} is below 0`);
  const parsed = PriceSheet.safeParse(json);
  if (!parsed.success) throw new InputError(`${file}: ${z.prettifyError(parsed.error)}`);
  const sheet = parsed.data;
  const sources = sourcesOf(file);
  const aws = lambdaBook(sheet, sources);
  const gcp = cloudRunBook(sheet, sources);
  const azure = { flex: flexBook(sheet, sources), y1: consumptionBook(sheet, sources) };
  // The other plan's figures too: a sheet with an absurd one is not to be trusted for the rest.
  for (const book of [aws, gcp, azure.flex, azure.y1]) {
    try {
      checkPriceBook(book);
    } catch (error) {
      throw new InputError(`${file}: ${error instanceof Error ? error.message : "refused"}`);
    }
  }
  return { aws, azure: azure[plan], gcp };
}

/** The path of the first number below 0 anywhere in a sheet. */
function findNegative(json: unknown, path = "sheet"): string | undefined {
  if (typeof json === "number") return json < 0 ? path : undefined;
  if (typeof json !== "object" || json === null) return undefined;
  for (const [key, value] of Object.entries(json)) {
    const found = findNegative(value, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputError(`${file}: ${error instanceof Error ? error.message : "cannot be read"}`);
  }
}

type Sources = PriceBook["sources"];

function sourcesOf(file: string): Sources {
  const names = [
    "usdPerMillionRequests",
    "usdPerGbSecond",
    "usdPerVcpuSecond",
    "usdPerEgressGb",
    "minBilledMs",
    "billingStepMs",
    "minMemoryMb",
    "maxMemoryMb",
    "memoryStepMb",
    "grant",
  ] as const;
  return Object.fromEntries(names.map((name) => [name, file])) as Record<keyof Sources, string>;
}

function lambdaBook({ compiled, aws }: Sheet, sources: Sources): PriceBook {
  const { lambda } = aws;
  return {
    plan: "lambda-arm64",
    usdPerMillionRequests: lambda.request_per_million,
    usdPerGbSecond: lambda.tiers_gb_s.arm[0]?.usd ?? Number.NaN,
    usdPerVcpuSecond: 0,
    usdPerEgressGb: aws.egress_internet_first_10tb["us-east-1"],
    minBilledMs: lambda.min_ms,
    billingStepMs: lambda.rounding_ms,
    minMemoryMb: lambda.memory_mb.min,
    maxMemoryMb: lambda.memory_mb.max,
    memoryStepMb: lambda.memory_mb.step,
    memorySizesMb: [],
    vcpuByMemory: [],
    grant: {
      requests: lambda.free_month.requests,
      gbSeconds: lambda.free_month.gb_s,
      vcpuSeconds: 0,
      egressGb: aws.egress_free_gb_month,
    },
    grantWeight: 1,
    effectiveFrom: compiled,
    sources,
  };
}

function consumptionBook({ compiled, azure }: Sheet, sources: Sources): PriceBook {
  const plan = azure.functions_consumption;
  return {
    plan: "azure-consumption",
    usdPerMillionRequests: plan.exec_per_million,
    usdPerGbSecond: plan.gb_s,
    usdPerVcpuSecond: 0,
    usdPerEgressGb: azure.egress_internet.zone1_na_eu[0]?.usd ?? Number.NaN,
    minBilledMs: plan.min_ms,
    billingStepMs: plan.rounding_ms,
    minMemoryMb: plan.memory_min_mb,
    maxMemoryMb: plan.memory_max_mb,
    memoryStepMb: plan.memory_round_mb,
    memorySizesMb: [],
    vcpuByMemory: [],
    grant: azureGrant(plan.free_month),
    grantWeight: 1,
    effectiveFrom: compiled,
    sources,
  };
}

function flexBook({ compiled, azure }: Sheet, sources: Sources): PriceBook {
  const plan = azure.functions_flex;
  const sizes = plan.instance_mb.toSorted((a, b) => a - b);
  return {
    plan: "azure-flex",
    usdPerMillionRequests: plan.exec_per_million,
    usdPerGbSecond: plan.on_demand_gb_s,
    usdPerVcpuSecond: 0,
    usdPerEgressGb: azure.egress_internet.zone1_na_eu[0]?.usd ?? Number.NaN,
    minBilledMs: plan.min_ms,
    billingStepMs: plan.rounding_ms,
    minMemoryMb: sizes[0] ?? Number.NaN,
    maxMemoryMb: sizes.at(-1) ?? Number.NaN,
    memoryStepMb: 1,
    memorySizesMb: sizes,
    vcpuByMemory: [],
    grant: azureGrant(plan.free_month),
    grantWeight: 1,
    effectiveFrom: compiled,
    sources,
  };
}

// The first 100 GB of a month leave Azure for nothing: https://azure.microsoft.com/en-us/pricing/details/bandwidth/
const AZURE_FREE_EGRESS_GB = 100;

function azureGrant(free: { executions: number; gb_s: number }): PriceBook["grant"] {
  return {
    requests: free.executions,
    gbSeconds: free.gb_s,
    vcpuSeconds: 0,
    egressGb: AZURE_FREE_EGRESS_GB,
  };
}

function cloudRunBook({ compiled, gcp }: Sheet, sources: Sources): PriceBook {
  const { request_based: run, fn_memory_to_vcpu_default: table } = gcp.cloud_run;
  const vcpuByMemory = Object.entries(table)
    .map(([memoryMb, vcpu]) => ({ memoryMb: Number(memoryMb), vcpu }))
    .toSorted((a, b) => a.memoryMb - b.memoryMb);
  return {
    plan: "cloud-run-functions",
    usdPerMillionRequests: run.request_per_million,
    usdPerGbSecond: run.gib_s[1],
    usdPerVcpuSecond: run.vcpu_s[1],
    usdPerEgressGb: gcp.egress_internet.premium[0]?.usd ?? Number.NaN,
    minBilledMs: run.rounding_ms,
    billingStepMs: run.rounding_ms,
    minMemoryMb: vcpuByMemory[0]?.memoryMb ?? Number.NaN,
    maxMemoryMb: vcpuByMemory.at(-1)?.memoryMb ?? Number.NaN,
    memoryStepMb: 1,
    memorySizesMb: [],
    vcpuByMemory,
    grant: {
      requests: run.free_month.requests,
      gbSeconds: run.free_month.gib_s,
      vcpuSeconds: run.free_month.vcpu_s,
      egressGb: run.free_month.egress_gb_na,
    },
    grantWeight: 1,
    effectiveFrom: compiled,
    sources,
  };
}
