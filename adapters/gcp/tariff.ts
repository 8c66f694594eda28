import type { Tariff } from "#shared/routing";
import {
  egressUsdPerGib,
  runUsdPerGibSecond,
  runUsdPerMillionRequests,
  runUsdPerVcpuSecond,
} from "./price-list.ts";

/**
 * What Cloud Run functions charge for a call in tier 1 regions: the figures of `prices.ts`, whose sources stand there, and all that a function
 * loads of them.
 */
export const tariff: Tariff = {
  usdPerMillionRequests: runUsdPerMillionRequests,
  usdPerGbSecond: runUsdPerGibSecond,
  usdPerVcpuSecond: runUsdPerVcpuSecond,
  usdPerEgressGb: egressUsdPerGib,
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
};
