export { classifyStatus, type Failure } from "./classify.ts";
export {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
} from "./client.ts";
export type { HttpResponse } from "./exchange.ts";
export { checkUrl, isPublicAddress, type Resolve, type ResolvedAddress } from "./guard.ts";
export { retryAfterMs } from "./retry-after.ts";
export { openSockets, type Sockets } from "./sockets.ts";
export { type HttpStream, type HttpStreamRequest, openHttpStream } from "./stream.ts";
