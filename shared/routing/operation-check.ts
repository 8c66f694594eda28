import { Fault } from "#shared/errors";
import { OPERATIONS, type OperationPrices, operationUsd } from "./operation-prices.ts";

/**
 * Between what and what a million small operations are believed to cost in USD: a read from a table is the cheapest on
 * any list (0.036), a write to a store of objects the dearest (5.5). A price per thousand taken for one per million,
 * or one per call, falls outside.
 */
const believed = { least: 0.005, most: 60 } as const;

const SMALL_BYTES = 1000;

/**
 * Refuses prices of operations that no cloud can have meant: one that is missing, not a number, negative, zero without
 * `isFree`, or off by a unit, and a grant that is nobody's. Throws a Fault `invalid_argument` that names the operation.
 */
export function checkOperationPrices(product: string, prices: OperationPrices): void {
  for (const operation of OPERATIONS) {
    const price = prices.operations[operation];
    if (price === undefined) throw refused(product, operation, "missing");
    const usd = operationUsd(price, SMALL_BYTES) * 1e6;
    const isDeclaredFree = price.isFree === true && usd === 0;
    if (!isDeclaredFree && !(usd >= believed.least && usd <= believed.most)) {
      throw refused(product, operation, `${usd} USD per million`);
    }
    if (price.grant !== undefined && prices.grants[price.grant] === undefined) {
      throw refused(product, operation, `free up to the unknown grant "${price.grant}"`);
    }
  }
  for (const [name, units] of Object.entries(prices.grants)) {
    if (!(units > 0 && units <= 1e12)) throw refused(product, name, `a grant of ${units}`);
  }
}

function refused(product: string, figure: string, what: string): Fault {
  return new Fault(
    "invalid_argument",
    `routing.check-prices: ${figure} of "${product}" is ${what}; give a price of ${believed.least} to ${believed.most} USD per million, or declare it free`,
    { origin: "upstream", details: { figure } },
  );
}
