import type { PriceBook } from "#shared/routing";

const pricing = "https://aws.amazon.com/lambda/pricing/";

/** AWS Lambda on arm64, on demand, first tier, with a function URL (which adds no charge of its own). */
export const prices: PriceBook = {
  plan: "arm64 on demand, us-east-1",
  usdPerMillionRequests: 0.2,
  usdPerGbSecond: 0.0000133334,
  usdPerVcpuSecond: 0,
  minBilledMs: 1,
  billingStepMs: 1,
  minMemoryMb: 128,
  memoryStepMb: 1,
  vcpuByMemory: [],
  effectiveFrom: "2026-11-21",
  sources: {
    usdPerMillionRequests: pricing,
    usdPerGbSecond: pricing,
    usdPerVcpuSecond: pricing,
    minBilledMs: pricing,
    billingStepMs: pricing,
    minMemoryMb: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
    memoryStepMb: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
  },
};
