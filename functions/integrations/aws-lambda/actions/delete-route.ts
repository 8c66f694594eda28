import { path } from "#shared/integration";
import * as z from "zod";
import { Done, gatewayAction, Gone, id, staysGone } from "../client.ts";

export const deleteRoute = gatewayAction("apis-apiid-routes-routeid", {
  summary: "Delete a route; its integration stays",
  scopes: ["apigateway:DELETE"],
  effect: "write",
  idempotency: staysGone,
  input: z.object({ apiId: id, routeId: id }),
  output: Done,
  call: ({ apiId, routeId }) => ({
    method: "DELETE",
    path: path`/v2/apis/${apiId}/routes/${routeId}`,
  }),
  answer: Gone,
});
