import type { Tariff } from "#shared/routing";

/**
 * What Azure's Consumption plan (Y1) charges for a call: the figures of `prices.ts`, whose sources stand there, and all that a function
 * loads of them.
 */
export const tariff: Tariff = {
  usdPerMillionRequests: 0.2,
  usdPerGbSecond: 0.000016,
  usdPerVcpuSecond: 0,
  usdPerEgressGb: 0.087,
  minBilledMs: 100,
  billingStepMs: 1,
  minMemoryMb: 128,
  maxMemoryMb: 1536,
  memoryStepMb: 128,
  memorySizesMb: [],
  vcpuByMemory: [],
};
