import type { Target } from "#shared/function";
import type { PriceBook } from "#shared/routing";
import { prices as aws } from "../../adapters/aws/prices.ts";
import { flexPrices } from "../../adapters/azure/prices.ts";
import { prices as gcp } from "../../adapters/gcp/prices.ts";

/**
 * The price books, at the sizes that the renderings choose: Azure's app has one instance size for all functions, Google's
 * instances have a whole CPU.
 */
export const books: Readonly<Record<Target, PriceBook>> = {
  aws,
  azure: {
    ...flexPrices,
    plan: "Flex Consumption, on demand, East US, instances of 2,048 MB",
    memorySizesMb: [2_048],
  },
  gcp: {
    ...gcp,
    plan: "Cloud Run functions, request-based, tier 1, a whole CPU",
    vcpuByMemory: [
      { memoryMb: 4_096, vcpu: 1 },
      { memoryMb: 8_192, vcpu: 2 },
      { memoryMb: 32_768, vcpu: 4 },
    ],
  },
};
