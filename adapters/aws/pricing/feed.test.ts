import { priceFeedConformance } from "../../../shared/price-lists/conformance.ts";
import { awsPriceFeed } from "./feed.ts";
import { startAwsPriceList } from "./price-list-api.conformance.ts";

priceFeedConformance("aws", {
  feed: awsPriceFeed,
  serve: startAwsPriceList,
  requests: 9,
  pages: false,
  recorded: {
    lambdaUsdPerMillionRequests: 0.2,
    lambdaArmUsdPerGbSecond: 0.0000133334,
    lambdaX86UsdPerGbSecond: 0.0000166667,
    egressUsdPerGb: 0.09,
    httpApiUsdPerMillionRequests: 1,
    dynamodbUsdPerMillionReadUnits: 0.125,
    dynamodbUsdPerMillionWriteUnits: 0.625,
    sqsUsdPerMillionRequests: 0.4,
    sqsFifoUsdPerMillionRequests: 0.5,
    snsUsdPerMillionRequests: 0.5,
    eventBridgeUsdPerMillionEvents: 1,
    s3UsdPerMillionWrites: 5,
    s3UsdPerMillionReads: 0.4,
    secretsManagerUsdPerMillionCalls: 5,
  },
});
