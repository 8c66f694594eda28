import { expect, it } from "vitest";
import {
  effectiveFrom,
  lambdaArmUsdPerGbSecond,
  lambdaUsdPerMillionRequests,
  lambdaX86UsdPerGbSecond,
} from "../../adapters/aws/price-list.ts";
import { listPrices } from "../../functions/integrations/aws-lambda/actions/report-cost.ts";

it("an integration reports with the prices of the list that it names the day of", () => {
  expect(listPrices).toEqual({
    asOf: effectiveFrom,
    usdPerMillionRequests: lambdaUsdPerMillionRequests,
    usdPerGbSecondX86: lambdaX86UsdPerGbSecond,
    usdPerGbSecondArm: lambdaArmUsdPerGbSecond,
  });
});
