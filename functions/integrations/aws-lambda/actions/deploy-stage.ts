import { path } from "#shared/integration";
import * as z from "zod";
import { stageName } from "./create-stage.ts";
import { gatewayAction, id } from "../client.ts";

export const deployStage = gatewayAction("POST", "apis-apiid-deployments", {
  summary: "Serve what an HTTP API is now by a stage that does not deploy by itself",
  idempotency: { kind: "natural", why: "a second deployment serves the same" },
  input: z.object({ apiId: id, stageName, description: z.string().max(1_024).optional() }),
  output: z.object({
    id: z.string(),
    /** `PENDING`, `DEPLOYED` or `FAILED`. */
    status: z.string(),
    reason: z.string().nullable(),
  }),
  call: ({ apiId, ...given }) => ({
    path: path`/v2/apis/${apiId}/deployments`,
    json: given,
  }),
  answer: () =>
    z
      .object({
        deploymentId: z.string(),
        deploymentStatus: z.string(),
        deploymentStatusMessage: z.string().nullish(),
      })
      .transform((given) => ({
        id: given.deploymentId,
        status: given.deploymentStatus,
        reason: given.deploymentStatusMessage ?? null,
      })),
});
