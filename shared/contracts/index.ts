export type { Finding } from "./check-parameters.ts";
export {
  Contract,
  type Exception,
  type Operation,
  type Parameter,
  type Schema,
  type Selector,
  type Source,
} from "./contract.ts";
export {
  type CheckedCounts,
  ContractCheck,
  type Described,
  type GivenResponse,
  mediaTypeOf,
  type SentRequest,
  type Violation,
} from "./contract-check.ts";
export { findOperation, matchPath } from "./path-template.ts";
export { type Definitions, reachable, refOf, toRef } from "./reachable.ts";
export { givenResponse, type RecordedRequest, type RequestBase, sentRequest } from "./recorded.ts";
