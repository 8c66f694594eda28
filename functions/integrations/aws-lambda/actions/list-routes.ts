import { path } from "#shared/integration";
import * as z from "zod";
import { Route } from "./create-route.ts";
import { from, gatewayList, id } from "../client.ts";

export const listRoutes = gatewayList("apis-apiid-routes", {
  summary: "List the routes of an HTTP API",
  input: z.object({ apiId: id, from }),
  call: ({ apiId }) => ({
    method: "GET",
    path: path`/v2/apis/${apiId}/routes`,
    query: { maxResults: 100 },
  }),
  item: Route,
  answer: ({ RouteAnswer }) => RouteAnswer,
});
