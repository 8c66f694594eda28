export {
  type ActionCallOptions,
  type ActionClient,
  actionClient,
  type ActionClientOptions,
  type ActionTypes,
} from "./action-client.ts";
export { type RoutedCall, RouteClient, type RouteClientOptions } from "./route-client.ts";
export { readRouteTable } from "./read-route-table.ts";
