import { jsonOverHttp } from "#shared/price-lists";
import { priceFeedConformance } from "../../../shared/price-lists/conformance.ts";
import { expect, it } from "vitest";
import { API_KEY, startCatalogue } from "./catalogue-api.conformance.ts";
import { gcpPriceFeed } from "./feed.ts";

priceFeedConformance("gcp", {
  feed: (origin) => gcpPriceFeed(API_KEY, origin),
  serve: startCatalogue,
  requests: 11,
  pages: true,
  recorded: {
    runUsdPerMillionRequests: 0.4,
    runUsdPerVcpuSecond: 0.000024,
    runUsdPerGibSecond: 0.0000025,
    runTier2UsdPerVcpuSecond: 0.0000336,
    runTier2UsdPerGibSecond: 0.0000035,
    egressUsdPerGib: 0.12,
    firestoreUsdPerMillionReads: 0.3,
    firestoreUsdPerMillionWrites: 0.9,
    firestoreUsdPerMillionDeletes: 0.1,
    pubsubUsdPerTib: 40,
    storageUsdPerMillionClassAOperations: 5,
    storageUsdPerMillionClassBOperations: 0.4,
    secretManagerUsdPerMillionAccesses: 3,
  },
});

it("says what to do without a key, and tells none in a fault", async () => {
  const server = await startCatalogue();
  try {
    const read = (key: string | undefined) =>
      gcpPriceFeed(key, server.url).read(jsonOverHttp(fetch));
    await expect(read(undefined)).rejects.toThrow(/set GOOGLE_API_KEY/);
    await expect(read("another-key")).rejects.toMatchObject({ code: "permission_denied" });
    await expect(read("another-key")).rejects.toThrow(/^(?!.*another-key)/);
  } finally {
    await server.close();
  }
});
