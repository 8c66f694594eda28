import { path } from "#shared/integration";
import * as z from "zod";
import { Done, gatewayAction, Gone, id, staysGone } from "../client.ts";

export const deleteApi = gatewayAction("apis-apiid", {
  summary: "Delete an HTTP API with its routes, integrations, authorizers and stages",
  scopes: ["apigateway:DELETE"],
  effect: "write",
  idempotency: staysGone,
  input: z.object({ apiId: id }),
  output: Done,
  call: ({ apiId }) => ({ method: "DELETE", path: path`/v2/apis/${apiId}` }),
  answer: Gone,
});
