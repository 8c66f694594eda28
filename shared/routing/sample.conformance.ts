import type { PriceBook } from "./price-book.ts";

const source = "https://prices.example";

/** A book like Cloud Run's, for tests. */
export const book: PriceBook = {
  plan: "made up",
  usdPerMillionRequests: 0.4,
  usdPerGbSecond: 2.5e-6,
  usdPerVcpuSecond: 2.4e-5,
  usdPerEgressGb: 0.1,
  minBilledMs: 100,
  billingStepMs: 100,
  minMemoryMb: 128,
  maxMemoryMb: 8192,
  memoryStepMb: 1,
  memorySizesMb: [],
  vcpuByMemory: [
    { memoryMb: 512, vcpu: 0.5 },
    { memoryMb: 1024, vcpu: 1 },
  ],
  grant: { requests: 1000, gbSeconds: 100, vcpuSeconds: 50, egressGb: 1 },
  grantWeight: 1,
  effectiveFrom: "2026-11-21",
  sources: {
    usdPerMillionRequests: source,
    usdPerGbSecond: source,
    usdPerVcpuSecond: source,
    usdPerEgressGb: source,
    minBilledMs: source,
    billingStepMs: source,
    minMemoryMb: source,
    maxMemoryMb: source,
    memoryStepMb: source,
    grant: source,
  },
};
