import { pricePlansConformance } from "../../shared/routing/price-plans.conformance.ts";
import { alternatives, operations } from "./operations.ts";
import { concurrentPrices, concurrentTier2Prices, prices, tier2Prices } from "./prices.ts";
import { tariff } from "./tariff.ts";

// Every started 100 ms, and the CPU that comes with the memory: https://cloud.google.com/run/pricing
const examples = [
  [5, 128, 0.0125, 0.0083],
  [100, 128, 0.0125, 0.0083],
  [101, 128, 0.025, 0.0166],
  [200, 256, 0.05, 0.0334],
  [1000, 512, 0.5, 0.333],
  [10_000, 1024, 10, 5.83],
] as const;

const concurrent = [
  [5, 128, 0.0125, 0.1],
  [10_000, 1024, 10, 10],
  [1000, 8192, 8, 2],
] as const;

pricePlansConformance("gcp", {
  plans: [
    { book: prices, examples },
    { book: tier2Prices, examples },
    { book: concurrentPrices, examples: concurrent },
    { book: concurrentTier2Prices, examples: concurrent },
  ],
  tariff,
  operations,
  alternatives,
  free: ["queueDelete", "blobDelete", "frontDoorRequest"],
});
