import { path } from "#shared/integration";
import * as z from "zod";
import { access, Route, routeKey } from "./create-route.ts";
import { gatewayAction, id, sameTwice } from "../client.ts";

export const updateRoute = gatewayAction("PATCH", "apis-apiid-routes-routeid", {
  summary: "Change where a route leads and who may call it",
  idempotency: sameTwice,
  input: z.object({
    apiId: id,
    routeId: id,
    routeKey: routeKey.optional(),
    integrationId: id.optional(),
    access: access.optional(),
  }),
  output: Route,
  call: ({ apiId, routeId, routeKey: key, integrationId, access: who }, { accessMembers }) => ({
    path: path`/v2/apis/${apiId}/routes/${routeId}`,
    json: {
      routeKey: key,
      target: integrationId === undefined ? undefined : `integrations/${integrationId}`,
      ...accessMembers(who),
    },
  }),
  answer: ({ RouteAnswer }) => RouteAnswer,
});
