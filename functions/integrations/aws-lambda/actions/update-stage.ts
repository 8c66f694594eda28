import { path } from "#shared/integration";
import * as z from "zod";
import { Stage, stageName, stageSettings } from "./create-stage.ts";
import { gatewayAction, id, sameTwice } from "../client.ts";

export const updateStage = gatewayAction("PATCH", "apis-apiid-stages-stagename", {
  summary: "Change the throttling, variables or deployment of a stage",
  idempotency: sameTwice,
  input: z.object({ apiId: id, stageName, ...stageSettings }),
  output: Stage,
  call: ({ apiId, stageName: name, ...settings }, { stageMembers }) => ({
    path: path`/v2/apis/${apiId}/stages/${name}`,
    json: stageMembers(settings),
  }),
  answer: ({ StageAnswer }) => StageAnswer,
});
