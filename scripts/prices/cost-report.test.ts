import { expect, it } from "vitest";
import {
  runTier2UsdPerGibSecond,
  runTier2UsdPerVcpuSecond,
  runUsdPerGibSecond,
  runUsdPerMillionRequests,
  runUsdPerVcpuSecond,
} from "../../adapters/gcp/price-list.ts";
import { prices } from "../../functions/integrations/cloud-functions/actions/report-costs.ts";

// An action knows no adapter, so its prices stand with it; when the list is updated, they are too.
it("the cost report of Google's functions counts with the prices of the price list", () => {
  const usdPerMillionRequests = runUsdPerMillionRequests;
  expect(prices.tier1.requests).toEqual({
    usdPerVcpuSecond: runUsdPerVcpuSecond,
    usdPerGibSecond: runUsdPerGibSecond,
    usdPerMillionRequests,
  });
  expect(prices.tier2.requests).toEqual({
    usdPerVcpuSecond: runTier2UsdPerVcpuSecond,
    usdPerGibSecond: runTier2UsdPerGibSecond,
    usdPerMillionRequests,
  });
});
