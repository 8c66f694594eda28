import { path } from "#shared/integration";
import * as z from "zod";
import { gatewayAction, gone, id } from "../client.ts";

export const deleteAuthorizer = gatewayAction("DELETE", "apis-apiid-authorizers-authorizerid", {
  summary: "Delete an authorizer that no route uses",
  ...gone,
  input: z.object({ apiId: id, authorizerId: id }),
  call: ({ apiId, authorizerId }) => ({
    path: path`/v2/apis/${apiId}/authorizers/${authorizerId}`,
  }),
});
