import type { Tariff } from "#shared/routing";
import {
  egressUsdPerGb,
  lambdaArmUsdPerGbSecond,
  lambdaUsdPerMillionRequests,
} from "./price-list.ts";

/**
 * What Lambda charges for a call on arm64: the figures of `prices.ts`, whose sources stand there, and all that a function
 * loads of them.
 */
export const tariff: Tariff = {
  usdPerMillionRequests: lambdaUsdPerMillionRequests,
  usdPerGbSecond: lambdaArmUsdPerGbSecond,
  usdPerVcpuSecond: 0,
  usdPerEgressGb: egressUsdPerGb,
  minBilledMs: 1,
  billingStepMs: 1,
  minMemoryMb: 128,
  maxMemoryMb: 10_240,
  memoryStepMb: 1,
  memorySizesMb: [],
  vcpuByMemory: [],
};
