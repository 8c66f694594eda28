import { defineFunction, httpTrigger } from "../../shared/function/index.ts";
import { colonRoute, Input, priceOrder } from "../task.ts";

/** The task as one of our functions; public, because no contender authenticates. */
export const orderFunction = defineFunction({
  name: "price-order",
  summary: "Prices an order.",
  trigger: httpTrigger("POST", colonRoute, { auth: "public" }),
  input: Input,
  uses: {},
  handler: async (_, order) => priceOrder(order),
});
