import { pricePlansConformance } from "../../shared/routing/price-plans.conformance.ts";
import { alternatives, operations } from "./operations.ts";
import { flexPrices, prices } from "./prices.ts";
import { tariff } from "./tariff.ts";

const { table, ...others } = alternatives;

pricePlansConformance("azure", {
  plans: [
    {
      book: prices,
      // 100 ms and 128 MB at least: https://azure.microsoft.com/en-us/pricing/details/functions/
      examples: [
        [5, 128, 0.0125],
        [50, 100, 0.0125],
        [101, 128, 0.012625],
        [200, 256, 0.05],
        [1000, 512, 0.5],
        [10_000, 1000, 10],
      ],
    },
    {
      book: flexPrices,
      // 1,000 ms at least, at one of three sizes: https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan
      examples: [
        [5, 128, 0.5],
        [1000, 512, 0.5],
        [1001, 512, 0.55],
        [1000, 513, 2],
        [10_000, 1024, 20],
      ],
    },
  ],
  tariff,
  operations,
  alternatives: { ...table, ...others },
  free: ["blobDelete", "frontDoorRequest"],
});
