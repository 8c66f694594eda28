export { type Bound, type BoundProblem, type CheapestChoice, lowerBound } from "./lower-bound.ts";
export { type BudgetLimits, type BudgetOptions, Budgets, type Reservation } from "./budget.ts";
export { bucketOf, LatencyHistograms, upperEdge } from "./latency-histogram.ts";
export {
  type Arm,
  createMarket,
  grantUnits,
  KINDS,
  type Market,
  overflowUsd,
  PER_SCOPE,
} from "./market.ts";
export { boundOf, cheapestChoice, type Placement, sharesOf, usePlace } from "./placement.ts";
export {
  billedMemoryMb,
  billedSeconds,
  type BilledUnits,
  billedUnits,
  billedVcpu,
  costUsd,
  type Grant,
  type PriceBook,
  type Tariff,
  type Usage,
} from "./price-book.ts";
export { checkOperationPrices } from "./operation-check.ts";
export { type Band, isBelieved, priceBands, type PricedUnit } from "./price-bands.ts";
export { checkPriceBook, checkPriceMove, MAX_MOVE } from "./price-check.ts";
export { type PriceEpoch, PriceEpochs, type Proposal } from "./price-epochs.ts";
export { defaultOptions, Router, type RouterOptions, type Settlement } from "./router.ts";
export type { RoutedFunction } from "./router-tables.ts";
export { explain, type Explanation, type Verdict } from "./explain.ts";
