import type { PriceBook } from "#shared/routing";
import {
  effectiveFrom,
  egressUsdPerGb,
  flexUsdPerGbSecond,
  flexUsdPerMillionExecutions,
  sources,
} from "./price-list.ts";
import { tariff } from "./tariff.ts";

const pricing = "https://azure.microsoft.com/en-us/pricing/details/functions/";

const flexPlan = "https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan";

/**
 * Azure Functions, Consumption plan (Y1). Memory is the observed average rounded up to 128 MB; the configured
 * limit stands in for it, so a receipt is an upper bound. Overlapping calls of one process share that memory.
 */
export const prices: PriceBook = {
  plan: "Consumption (Y1), East US",
  ...tariff,
  grant: { requests: 1_000_000, gbSeconds: 400_000, vcpuSeconds: 0, egressGb: 100 },
  grantWeight: 1,
  effectiveFrom,
  sources: {
    usdPerMillionRequests: sources.consumptionUsdPerMillionExecutions,
    usdPerGbSecond: sources.consumptionUsdPerGbSecond,
    usdPerVcpuSecond: pricing,
    usdPerEgressGb: sources.egressUsdPerGb,
    minBilledMs: pricing,
    billingStepMs: pricing,
    minMemoryMb: pricing,
    maxMemoryMb: pricing,
    memoryStepMb: pricing,
    grant: pricing,
  },
};

/**
 * Azure Functions, Flex Consumption, on demand. An instance is billed while it is active: 1,000 ms at least, then in
 * steps of 100 ms, at one of three sizes. A receipt is of a call that has its instance for itself.
 */
export const flexPrices: PriceBook = {
  plan: "Flex Consumption, East US",
  usdPerMillionRequests: flexUsdPerMillionExecutions,
  usdPerGbSecond: flexUsdPerGbSecond,
  usdPerVcpuSecond: 0,
  usdPerEgressGb: egressUsdPerGb,
  minBilledMs: 1000,
  billingStepMs: 100,
  minMemoryMb: 512,
  maxMemoryMb: 4096,
  memoryStepMb: 512,
  memorySizesMb: [512, 2048, 4096],
  vcpuByMemory: [],
  grant: { requests: 250_000, gbSeconds: 100_000, vcpuSeconds: 0, egressGb: 100 },
  grantWeight: 1,
  effectiveFrom,
  sources: {
    usdPerMillionRequests: sources.flexUsdPerMillionExecutions,
    usdPerGbSecond: sources.flexUsdPerGbSecond,
    usdPerVcpuSecond: pricing,
    usdPerEgressGb: sources.egressUsdPerGb,
    minBilledMs: flexPlan,
    billingStepMs: flexPlan,
    minMemoryMb: flexPlan,
    maxMemoryMb: flexPlan,
    memoryStepMb: flexPlan,
    grant: pricing,
  },
};
