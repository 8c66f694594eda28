import type { PriceBook } from "#shared/routing";
import { effectiveFrom, lambdaX86UsdPerGbSecond, sources } from "./price-list.ts";
import { tariff } from "./tariff.ts";

const pricing = "https://aws.amazon.com/lambda/pricing/";

/** AWS Lambda on arm64, on demand, first tier, with a function URL (which adds no charge of its own). */
export const prices: PriceBook = {
  plan: "arm64 on demand, us-east-1",
  ...tariff,
  grant: { requests: 1_000_000, gbSeconds: 400_000, vcpuSeconds: 0, egressGb: 100 },
  grantWeight: 1,
  effectiveFrom,
  sources: {
    usdPerMillionRequests: sources.lambdaUsdPerMillionRequests,
    usdPerGbSecond: sources.lambdaArmUsdPerGbSecond,
    usdPerVcpuSecond: pricing,
    usdPerEgressGb: sources.egressUsdPerGb,
    minBilledMs: pricing,
    billingStepMs: pricing,
    minMemoryMb: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
    maxMemoryMb: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
    memoryStepMb: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
    grant: pricing,
  },
};

/** AWS Lambda on x86_64, on demand, first tier: the same but for the price of a GB-s. */
export const x86Prices: PriceBook = {
  ...prices,
  plan: "x86_64 on demand, us-east-1",
  usdPerGbSecond: lambdaX86UsdPerGbSecond,
  sources: { ...prices.sources, usdPerGbSecond: sources.lambdaX86UsdPerGbSecond },
};
