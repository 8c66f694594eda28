export { classifyStatus, type Failure } from "./classify.ts";
export {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
} from "./client.ts";
export { ACTION_TOKENS, deployedActions } from "./deployed-actions.ts";
export type { HttpResponse } from "./exchange.ts";
export { gatewayActions, type GatewayActionsOptions } from "./gateway-actions.ts";
export { checkUrl, isPublicAddress, type Resolve, type ResolvedAddress } from "./guard.ts";
export { retryAfterMs } from "./retry-after.ts";
export { openSockets, type Sockets } from "./sockets.ts";
