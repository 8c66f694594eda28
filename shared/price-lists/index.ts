export {
  type FeedResult,
  type GetJson,
  malformed,
  MAX_PAGES,
  type PriceFeed,
  readEach,
  type Reading,
  readingOf,
  refused,
  type Sku,
  type Tier,
} from "./price-feed.ts";
export {
  changesOf,
  hasMoved,
  MAX_APPROVED_FACTOR,
  type PriceChange,
  refusalOf,
} from "./price-changes.ts";
export { jsonOverHttp, type Send } from "./json-over-http.ts";
