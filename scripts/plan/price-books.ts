import type { Target } from "#shared/function";
import type { FreeGrant } from "#shared/plan";
import type { PriceBook } from "#shared/routing";
import { prices as aws } from "../../adapters/aws/prices.ts";
import { prices as azure } from "../../adapters/azure/prices.ts";
import { prices as gcp } from "../../adapters/gcp/prices.ts";

/** What a cloud's bill is made of, as functions are deployed there. */
export type Billing = { readonly book: PriceBook; readonly grant: FreeGrant };

/**
 * The price books, at the sizes that the renderings choose: Azure's app has one instance size for all functions, Google's
 * instances have a whole CPU. Grants are per account and month: https://aws.amazon.com/lambda/pricing/,
 * https://azure.microsoft.com/en-us/pricing/details/functions/, https://cloud.google.com/run/pricing
 */
export const billing: Readonly<Record<Target, Billing>> = {
  aws: { book: aws, grant: { requests: 1_000_000, gbSeconds: 400_000, vcpuSeconds: 0 } },
  azure: {
    book: {
      ...azure,
      plan: "Flex Consumption, on demand, East US, instances of 2,048 MB",
      usdPerMillionRequests: 0.4,
      usdPerGbSecond: 0.000026,
      // https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#billing
      minBilledMs: 1_000,
      billingStepMs: 100,
      minMemoryMb: 2_048,
      memoryStepMb: 2_048,
    },
    grant: { requests: 250_000, gbSeconds: 100_000, vcpuSeconds: 0 },
  },
  gcp: {
    book: {
      ...gcp,
      plan: "Cloud Run functions, request-based, tier 1, a whole CPU",
      vcpuByMemory: [
        { memoryMb: 4_096, vcpu: 1 },
        { memoryMb: 8_192, vcpu: 2 },
        { memoryMb: 32_768, vcpu: 4 },
      ],
    },
    grant: { requests: 2_000_000, gbSeconds: 360_000, vcpuSeconds: 180_000 },
  },
};
