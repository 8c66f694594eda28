import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Route, RouteAnswer } from "./create-route.ts";
import { from, gatewayDocs, id, listOf, readPages } from "../client.ts";

export const listRoutes = defineAction({
  summary: "List the routes of an HTTP API",
  docs: gatewayDocs("apis-apiid-routes"),
  scopes: ["apigateway:GET"],
  effect: "read",
  input: z.object({ apiId: id, from }),
  output: listOf(Route),
  run: (api, { apiId, from: start }) =>
    readPages(
      api,
      { method: "GET", path: path`/v2/apis/${apiId}/routes`, query: { maxResults: 100 } },
      { kind: "gateway", member: "items", item: RouteAnswer, from: start },
    ),
});
