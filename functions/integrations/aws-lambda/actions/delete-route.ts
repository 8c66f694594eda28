import { path } from "#shared/integration";
import * as z from "zod";
import { gatewayAction, gone, id } from "../client.ts";

export const deleteRoute = gatewayAction("DELETE", "apis-apiid-routes-routeid", {
  summary: "Delete a route; its integration stays",
  ...gone,
  input: z.object({ apiId: id, routeId: id }),
  call: ({ apiId, routeId }) => ({
    path: path`/v2/apis/${apiId}/routes/${routeId}`,
  }),
});
