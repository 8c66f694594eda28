export { action, type ActionClient } from "./action.ts";
export { type Api, type ApiCall, createApi } from "./api.ts";
export { type Auth, authHeaders, type Credentials, type SecretField } from "./auth.ts";
export {
  type Action,
  type ActionSpec,
  defineAction,
  type PreparedAction,
  type WriteIdempotency,
} from "./define-action.ts";
export {
  type Category,
  defineIntegration,
  type ErrorOf,
  type Integration,
  type RateLimit,
  type VendorAnswer,
  type VendorHttp,
  type VendorWebhooks,
} from "./define-integration.ts";
export type { Subscriber } from "./deliver.ts";
export { EventSamples, Fixture, FixtureExchange } from "./fixture.ts";
export { integrationFunction } from "./integration-function.ts";
export { type ApiPath, path } from "./path.ts";
export type { DoesPromise, OnPromise, Promises, WhyPromise } from "./promises.ts";
