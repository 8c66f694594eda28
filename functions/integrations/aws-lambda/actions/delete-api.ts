import { path } from "#shared/integration";
import * as z from "zod";
import { gatewayAction, gone, id } from "../client.ts";

export const deleteApi = gatewayAction("DELETE", "apis-apiid", {
  summary: "Delete an HTTP API with its routes, integrations, authorizers and stages",
  ...gone,
  input: z.object({ apiId: id }),
  call: ({ apiId }) => ({ path: path`/v2/apis/${apiId}` }),
});
