import type { PriceBook } from "#shared/routing";

const pricing = "https://azure.microsoft.com/en-us/pricing/details/functions/";

/**
 * Azure Functions, Consumption plan (Y1). Memory is the observed average rounded up to 128 MB; the configured
 * limit stands in for it, so a receipt is an upper bound. Overlapping calls of one process share that memory.
 */
export const prices: PriceBook = {
  plan: "Consumption (Y1), East US",
  usdPerMillionRequests: 0.2,
  usdPerGbSecond: 0.000016,
  usdPerVcpuSecond: 0,
  minBilledMs: 100,
  billingStepMs: 1,
  minMemoryMb: 128,
  memoryStepMb: 128,
  vcpuByMemory: [],
  effectiveFrom: "2026-11-21",
  sources: {
    usdPerMillionRequests: pricing,
    usdPerGbSecond: pricing,
    usdPerVcpuSecond: pricing,
    minBilledMs: pricing,
    billingStepMs: pricing,
    minMemoryMb: pricing,
    memoryStepMb: pricing,
  },
};
