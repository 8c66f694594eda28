import { Fault } from "#shared/errors";
import { OPERATIONS, type OperationPrices, operationUsd } from "#shared/operations";
import { isBelieved, priceBands } from "./price-bands.ts";

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
    if (!isDeclaredFree && !isBelieved(usd, priceBands.millionOperations)) {
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
  const { least, most } = priceBands.millionOperations;
  return new Fault(
    "invalid_argument",
    `routing.check-prices: ${figure} of "${product}" is ${what}; give a price of ${least} to ${most} USD per million, or declare it free`,
    { origin: "upstream", details: { figure } },
  );
}
