import { path } from "#shared/integration";
import * as z from "zod";
import { stageName } from "./create-stage.ts";
import { gatewayAction, gone, id } from "../client.ts";

export const deleteStage = gatewayAction("DELETE", "apis-apiid-stages-stagename", {
  summary: "Delete a stage; the API is no longer served by it",
  ...gone,
  input: z.object({ apiId: id, stageName }),
  call: ({ apiId, stageName: name }) => ({
    path: path`/v2/apis/${apiId}/stages/${name}`,
  }),
});
