import { prices as lambda } from "../../adapters/aws/prices.ts";
import { flexPrices, prices as consumption } from "../../adapters/azure/prices.ts";
import { prices as cloudRun } from "../../adapters/gcp/prices.ts";
import type { AzurePlan, Books } from "./prices.ts";

/** The product's own price books; each figure carries its source. */
export function defaultBooks(plan: AzurePlan): Books {
  return { aws: lambda, azure: plan === "flex" ? flexPrices : consumption, gcp: cloudRun };
}
