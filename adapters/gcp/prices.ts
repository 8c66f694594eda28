import type { PriceBook } from "#shared/routing";

const pricing = "https://cloud.google.com/run/pricing";
const memory = "https://docs.cloud.google.com/functions/docs/configuring/memory";

/**
 * Cloud Run functions, request-based billing, tier 1 regions, concurrency 1. Start-up and shut-down are billed
 * too and not in here: a receipt is of the call, not of the instance.
 */
export const prices: PriceBook = {
  plan: "Cloud Run functions, request-based, tier 1",
  usdPerMillionRequests: 0.4,
  usdPerGbSecond: 0.0000025,
  usdPerVcpuSecond: 0.000024,
  usdPerEgressGb: 0.12,
  minBilledMs: 100,
  billingStepMs: 100,
  minMemoryMb: 128,
  maxMemoryMb: 32_768,
  memoryStepMb: 1,
  memorySizesMb: [],
  vcpuByMemory: [
    { memoryMb: 128, vcpu: 0.083 },
    { memoryMb: 256, vcpu: 0.167 },
    { memoryMb: 512, vcpu: 0.333 },
    { memoryMb: 1024, vcpu: 0.583 },
    { memoryMb: 2048, vcpu: 1 },
    { memoryMb: 4096, vcpu: 2 },
    { memoryMb: 8192, vcpu: 2 },
    { memoryMb: 16_384, vcpu: 4 },
    { memoryMb: 32_768, vcpu: 8 },
  ],
  grant: { requests: 2_000_000, gbSeconds: 360_000, vcpuSeconds: 180_000, egressGb: 1 },
  grantWeight: 1,
  effectiveFrom: "2026-11-21",
  sources: {
    usdPerMillionRequests: pricing,
    usdPerGbSecond: pricing,
    usdPerVcpuSecond: pricing,
    usdPerEgressGb: "https://cloud.google.com/vpc/network-pricing",
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
  usdPerGbSecond: 0.0000035,
  usdPerVcpuSecond: 0.0000336,
  grantWeight: 1.4,
};
