import { path } from "#shared/integration";
import * as z from "zod";
import { stageName } from "./create-stage.ts";
import { Done, gatewayAction, Gone, id, staysGone } from "../client.ts";

export const deleteStage = gatewayAction("apis-apiid-stages-stagename", {
  summary: "Delete a stage; the API is no longer served by it",
  scopes: ["apigateway:DELETE"],
  effect: "write",
  idempotency: staysGone,
  input: z.object({ apiId: id, stageName }),
  output: Done,
  call: ({ apiId, stageName: name }) => ({
    method: "DELETE",
    path: path`/v2/apis/${apiId}/stages/${name}`,
  }),
  answer: Gone,
});
