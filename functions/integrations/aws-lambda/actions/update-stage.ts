import { path } from "#shared/integration";
import * as z from "zod";
import { Stage, StageAnswer, stageMembers, stageName, stageSettings } from "./create-stage.ts";
import { gatewayAction, id, sameTwice } from "../client.ts";

export const updateStage = gatewayAction("apis-apiid-stages-stagename", {
  summary: "Change the throttling, variables or deployment of a stage",
  scopes: ["apigateway:PATCH"],
  effect: "write",
  idempotency: sameTwice,
  input: z.object({ apiId: id, stageName, ...stageSettings }),
  output: Stage,
  call: ({ apiId, stageName: name, ...settings }) => ({
    method: "PATCH",
    path: path`/v2/apis/${apiId}/stages/${name}`,
    json: stageMembers(settings),
  }),
  answer: StageAnswer,
});
