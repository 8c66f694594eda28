export {
  FREE,
  type Operation,
  type OperationPrice,
  type OperationPrices,
  OPERATIONS,
  operationUnits,
  operationUsd,
  perOperation,
  perStep,
} from "./operation-prices.ts";
