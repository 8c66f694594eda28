import { path } from "#shared/integration";
import * as z from "zod";
import { Done, gatewayAction, Gone, id, staysGone } from "../client.ts";

export const deleteAuthorizer = gatewayAction("apis-apiid-authorizers-authorizerid", {
  summary: "Delete an authorizer that no route uses",
  scopes: ["apigateway:DELETE"],
  effect: "write",
  idempotency: staysGone,
  input: z.object({ apiId: id, authorizerId: id }),
  output: Done,
  call: ({ apiId, authorizerId }) => ({
    method: "DELETE",
    path: path`/v2/apis/${apiId}/authorizers/${authorizerId}`,
  }),
  answer: Gone,
});
