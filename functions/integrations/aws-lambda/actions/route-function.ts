import { defineAction } from "#shared/integration";
import * as z from "zod";
import { access, Route, routeKey } from "./create-route.ts";
import { id } from "../client.ts";

export const routeFunction = defineAction({
  summary: "Lead a route of an HTTP API to a function: permission, integration and route in one",
  docs: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html",
  scopes: ["lambda:AddPermission", "apigateway:GET", "apigateway:POST"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "it is three writes; after a failure a second call goes on with what it finds",
  },
  input: z.object({
    apiId: id,
    routeKey,
    /** The function's, or an alias's, so that shift-alias moves its calls. */
    functionArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(?::[\w-]{1,128})?$/),
    access: access.optional(),
  }),
  output: Route,
  run: async (api, input) => (await import("../lead-route.ts")).leadRoute(api, input),
});
