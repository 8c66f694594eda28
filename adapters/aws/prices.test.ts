import { pricePlansConformance } from "../../shared/routing/price-plans.conformance.ts";
import { alternatives, operations } from "./operations.ts";
import { prices, x86Prices } from "./prices.ts";
import { tariff } from "./tariff.ts";

// Every started millisecond: https://aws.amazon.com/lambda/pricing/
const examples = [
  [0, 128, 0.000125],
  [5, 128, 0.000625],
  [50, 128, 0.00625],
  [100.2, 128, 0.012625],
  [200, 256, 0.05],
  [1000, 512, 0.5],
  [10_000, 1024, 10],
] as const;

pricePlansConformance("aws", {
  plans: [
    { book: prices, examples },
    { book: x86Prices, examples },
  ],
  tariff,
  operations,
  alternatives,
  free: ["blobDelete", "frontDoorRequest"],
});
