export { action, type ActionClient } from "./action.ts";
export type { ApiOptions, OpenedApi } from "./api.ts";
export { type IssuedUrl, issuedUrl } from "./api/address.ts";
export type {
  Api,
  ApiAnswer,
  ApiBody,
  ApiCall,
  ApiStreamCall,
  ApiTarget,
  Part,
} from "./api/call.ts";
export { graphql } from "./api/graphql.ts";
export { list, type Listed, pages, type Paging } from "./api/pages.ts";
export { poll, type Polled } from "./api/poll.ts";
export {
  type Action,
  type ActionSpec,
  defineAction,
  defineStream,
  type PreparedAction,
  type StreamSpec,
  type WriteIdempotency,
} from "./define-action.ts";
export {
  type Category,
  defineIntegration,
  type ErrorOf,
  type Integration,
  type IntegrationSpec,
  type RateLimit,
  type VendorAnswer,
  type VendorHost,
  type VendorHttp,
  type VendorWebhooks,
} from "./define-integration.ts";
export { type ForReceiver, forReceiver, type Subscriber } from "./deliver.ts";
export {
  authOrigin,
  type Connections,
  connections,
  DEFAULT_CONNECTION,
  fieldNames,
} from "./connection.ts";
export { loadActions } from "./load-actions.ts";
export type { Served, VendorContext } from "./open-action.ts";
export {
  type EventSample,
  EventSamples,
  Fixture,
  FixtureExchange,
  type RecordedRequest,
  type RecordedResponse,
} from "./fixture.ts";
export { integrationFunction } from "./integration-function.ts";
export { type ApiPath, path } from "./path.ts";
export type { DoesPromise, OnPromise, Promises, WhyPromise } from "./promises.ts";
export { type Playable, playResponse, type Recorded, recordRequest } from "./recorded.ts";
