import { expect, it } from "vitest";
import * as list from "../../adapters/aws/price-list.ts";
import { listPrices } from "../../functions/integrations/aws-lambda/actions/report-cost.ts";

it("an integration reports with the prices of the list that it names the day of", () => {
  expect(listPrices).toEqual({
    asOf: list.effectiveFrom,
    usdPerMillionRequests: list.lambdaUsdPerMillionRequests,
    usdPerGbSecondX86: list.lambdaX86UsdPerGbSecond,
    usdPerGbSecondArm: list.lambdaArmUsdPerGbSecond,
  });
});
