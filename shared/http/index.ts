export { type AwsEvent, awsEvents } from "./aws-events.ts";
export { classifyStatus, type Failure } from "./classify.ts";
export {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
} from "./client.ts";
export type { PaceRule } from "./bucket.ts";
export type { HttpResponse } from "./exchange.ts";
export { checkUrl, isPublicAddress, type Resolve, type ResolvedAddress } from "./guard.ts";
export { createPacing, type Pace, type Pacing } from "./pace.ts";
export { retryAfterMs } from "./retry-after.ts";
export { openSockets, type Sockets } from "./sockets.ts";
export { linesOf, sseData, type SseEvent, sseEvents } from "./sse.ts";
export { type HttpStream, type HttpStreamRequest, openHttpStream } from "./stream.ts";
export { withUnknownOutcome } from "./vendor-fault.ts";
export type { VendorStreamRequest } from "./vendor-stream.ts";
