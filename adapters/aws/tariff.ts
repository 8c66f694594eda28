import type { Tariff } from "#shared/routing";

/**
 * What Lambda charges for a call on arm64: the figures of `prices.ts`, whose sources stand there, and all that a function
 * loads of them.
 */
export const tariff: Tariff = {
  usdPerMillionRequests: 0.2,
  usdPerGbSecond: 0.0000133334,
  usdPerVcpuSecond: 0,
  usdPerEgressGb: 0.09,
  minBilledMs: 1,
  billingStepMs: 1,
  minMemoryMb: 128,
  maxMemoryMb: 10_240,
  memoryStepMb: 1,
  memorySizesMb: [],
  vcpuByMemory: [],
};
