import { expect, it } from "vitest";
import type { Metadata } from "./azure-core.ts";
import { findHttpFunction } from "./azure-routes.ts";

const functions: readonly Metadata[] = [
  http("orders", "v1/orders/{id}", ["GET", "HEAD"]),
  http("orders_2", "v1/orders", ["POST"]),
  http("orders-archive", "v1/orders/{id}", ["DELETE"]),
  { name: "orders_3", bindings: { in: { type: "queueTrigger", direction: "in" } } },
];

it.each([
  ["GET", "/v1/orders/7", "orders"],
  ["HEAD", "/v1/orders/7", "orders"],
  ["GET", "/V1/Orders/a%2Fb", "orders"],
  ["POST", "/v1/orders", "orders_2"],
  ["GET", "/v1/orders", undefined],
  ["GET", "/v1/orders/", undefined],
  ["GET", "/v1/orders/7/lines", undefined],
  ["DELETE", "/v1/orders/7", undefined],
])("%s %s goes to %s", (method, path, expected) => {
  expect(findHttpFunction(functions, "orders", method, path)).toBe(expected);
});

function http(name: string, route: string, methods: readonly string[]): Metadata {
  return { name, bindings: { in: { type: "httpTrigger", direction: "in", route, methods } } };
}
