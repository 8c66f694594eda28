import { priceFeedConformance } from "../../../shared/price-lists/conformance.ts";
import { expect, it } from "vitest";
import { azurePriceFeed } from "./feed.ts";
import { startRetailPrices } from "./retail-prices-api.conformance.ts";

priceFeedConformance("azure", {
  feed: azurePriceFeed,
  serve: startRetailPrices,
  requests: 17,
  pages: true,
  recorded: {
    consumptionUsdPerMillionExecutions: 0.2,
    consumptionUsdPerGbSecond: 0.000016,
    flexUsdPerMillionExecutions: 0.4,
    flexUsdPerGbSecond: 0.000026,
    egressUsdPerGb: 0.087,
    apiManagementUsdPerMillionCalls: 3.5,
    cosmosUsdPerMillionRequestUnits: 0.25,
    tableUsdPerMillionWrites: 0.036,
    tableUsdPerMillionReads: 0.036,
    tableUsdPerMillionDeletes: 0.036,
    storageQueueUsdPerMillionClass1Operations: 0.4,
    storageQueueUsdPerMillionClass2Operations: 0.4,
    serviceBusUsdPerMillionOperations: 0.8,
    eventGridUsdPerMillionOperations: 0.6,
    blobUsdPerMillionWrites: 5,
    blobUsdPerMillionLists: 5,
    blobUsdPerMillionReads: 0.4,
    keyVaultUsdPerMillionOperations: 3,
  },
});

it("follows no link to another host", async () => {
  const page = { BillingCurrency: "USD", Items: [], NextPageLink: "https://elsewhere.example/" };
  const getJson = () => Promise.resolve(page);
  await expect(azurePriceFeed("http://127.0.0.1:1").read(getJson)).rejects.toThrow(/another host/);
});
