import type { Tariff } from "#shared/routing";
import {
  consumptionUsdPerGbSecond,
  consumptionUsdPerMillionExecutions,
  egressUsdPerGb,
} from "./price-list.ts";

/**
 * What Azure's Consumption plan (Y1) charges for a call: the figures of `prices.ts`, whose sources stand there, and all that a function
 * loads of them.
 */
export const tariff: Tariff = {
  usdPerMillionRequests: consumptionUsdPerMillionExecutions,
  usdPerGbSecond: consumptionUsdPerGbSecond,
  usdPerVcpuSecond: 0,
  usdPerEgressGb: egressUsdPerGb,
  minBilledMs: 100,
  billingStepMs: 1,
  minMemoryMb: 128,
  maxMemoryMb: 1536,
  memoryStepMb: 128,
  memorySizesMb: [],
  vcpuByMemory: [],
};
