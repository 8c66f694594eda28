import type { PriceBook } from "#shared/routing";
import {
  effectiveFrom,
  runTier2UsdPerGibSecond,
  runTier2UsdPerVcpuSecond,
  sources,
} from "./price-list.ts";
import { tariff } from "./tariff.ts";

const pricing = "https://cloud.google.com/run/pricing";
const memory = "https://docs.cloud.google.com/functions/docs/configuring/memory";

/**
 * Cloud Run functions, request-based billing, tier 1 regions, concurrency 1. Start-up and shut-down are billed
 * too and not in here: a receipt is of the call, not of the instance.
 */
export const prices: PriceBook = {
  plan: "Cloud Run functions, request-based, tier 1",
  ...tariff,
  grant: { requests: 2_000_000, gbSeconds: 360_000, vcpuSeconds: 180_000, egressGb: 1 },
  grantWeight: 1,
  effectiveFrom,
  sources: {
    usdPerMillionRequests: sources.runUsdPerMillionRequests,
    usdPerGbSecond: sources.runUsdPerGibSecond,
    usdPerVcpuSecond: sources.runUsdPerVcpuSecond,
    usdPerEgressGb: sources.egressUsdPerGib,
    minBilledMs: pricing,
    billingStepMs: pricing,
    minMemoryMb: memory,
    maxMemoryMb: memory,
    memoryStepMb: memory,
    grant: pricing,
  },
};

/**
 * Cloud Run functions in a tier 2 region such as europe-west3. The free tier is a discount in dollars at tier 1 prices,
 * so that a tier 2 unit uses 1.4 units of it.
 */
export const tier2Prices: PriceBook = {
  ...prices,
  plan: "Cloud Run functions, request-based, tier 2",
  usdPerGbSecond: runTier2UsdPerGibSecond,
  usdPerVcpuSecond: runTier2UsdPerVcpuSecond,
  grantWeight: 1.4,
  sources: {
    ...prices.sources,
    usdPerGbSecond: sources.runTier2UsdPerGibSecond,
    usdPerVcpuSecond: sources.runTier2UsdPerVcpuSecond,
  },
};

/**
 * Cloud Run with several calls to an instance, which needs a whole vCPU: up to 4 GiB with one, then as much as
 * https://docs.cloud.google.com/run/docs/configuring/services/memory-limits asks for. An instance's time is billed once,
 * however many calls it has.
 */
export const concurrentPrices: PriceBook = {
  ...prices,
  plan: "Cloud Run with concurrency, request-based, tier 1",
  vcpuByMemory: [
    { memoryMb: 4096, vcpu: 1 },
    { memoryMb: 8192, vcpu: 2 },
    { memoryMb: 16_384, vcpu: 4 },
    { memoryMb: 24_576, vcpu: 6 },
    { memoryMb: 32_768, vcpu: 8 },
  ],
};

/** The same in a tier 2 region. */
export const concurrentTier2Prices: PriceBook = {
  ...tier2Prices,
  plan: "Cloud Run with concurrency, request-based, tier 2",
  vcpuByMemory: concurrentPrices.vcpuByMemory,
};
