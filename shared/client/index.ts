export { type RoutedCall, RouteClient, type RouteClientOptions } from "./route-client.ts";
export { readRouteTable } from "./read-route-table.ts";
