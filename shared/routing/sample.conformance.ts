import type { Arm } from "./market.ts";
import type { PriceBook } from "./price-book.ts";
import type { RoutedFunction } from "./router-tables.ts";

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

/** An arm of its own scope, as cheap as a factor says. */
export function sampleArm(name: string, factor: number, coldMs = 200): Arm {
  return {
    name,
    scope: name,
    book: {
      ...book,
      plan: name,
      usdPerGbSecond: book.usdPerGbSecond * factor,
      usdPerVcpuSecond: book.usdPerVcpuSecond * factor,
    },
    keepAliveMs: 600_000,
    coldMs,
    coldBilledMs: 0,
    shares: false,
    carbonGramsPerGbSecond: 0,
  };
}

/** A function of 1 GB and one vCPU that any of three arms may have. */
export const sampleFunction: RoutedFunction = {
  name: "sample",
  targetMs: 2000,
  gb: [1, 1, 1],
  vcpu: [1, 1, 1],
  slowness: [1, 1, 1],
  allowed: [true, true, true],
  answerGb: 0,
  dataGb: 0,
  homeScope: -1,
  preferredArm: -1,
  idempotent: true,
};
