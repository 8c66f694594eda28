import { path } from "#shared/integration";
import * as z from "zod";
import { gatewayAction, id, uniqueName } from "../client.ts";

export const stageName = z.string().regex(/^(?:\$default|[\w-]{1,128})$/);

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html */
export const stageSettings = {
  description: z.string().max(1_024).optional(),
  /** Changes are served as soon as they are made; true when left out of a new stage. */
  autoDeploy: z.boolean().optional(),
  /** Of all routes; what is beyond is answered with 429. */
  throttle: z
    .object({ perSecond: z.number().min(0).max(10_000), burst: z.int().min(0).max(5_000) })
    .optional(),
  variables: z.record(z.string().regex(/^\w{1,64}$/), z.string().max(2_048)).optional(),
};

export const Stage = z.object({
  name: z.string(),
  autoDeploy: z.boolean(),
  deploymentId: z.string().nullable(),
  modifiedAt: z.string(),
});

export const createStage = gatewayAction("POST", "apis-apiid-stages", {
  summary: "Create a stage, by which an HTTP API is served",
  idempotency: uniqueName,
  input: z.object({ apiId: id, stageName, ...stageSettings }),
  output: Stage,
  call: ({ apiId, stageName: name, ...settings }, { stageMembers }) => ({
    path: path`/v2/apis/${apiId}/stages`,
    json: { stageName: name, autoDeploy: true, ...stageMembers(settings) },
  }),
  answer: ({ StageAnswer }) => StageAnswer,
});
