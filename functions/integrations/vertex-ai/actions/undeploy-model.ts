import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, Operation, OperationAnswer, traffic } from "../client.ts";

export const undeployModel = defineAction({
  summary: "Take a model from an endpoint, and give its machines back",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/undeployModel",
  scopes: ["aiplatform.endpoints.undeploy"],
  effect: "write",
  idempotency: { kind: "natural", why: "it is taken away once; a repeat says not_found" },
  input: z.object({
    endpoint: id,
    deployedModel: z.string().regex(/^\d{1,20}$/),
    /** Of those that stay; needed where this one had some, and others are there. */
    traffic: traffic.optional(),
  }),
  output: Operation,
  run: (api, { endpoint, deployedModel, traffic: shares }) =>
    api.request({
      method: "POST",
      path: path`/endpoints/${endpoint}:undeployModel`,
      json: { deployedModelId: deployedModel, trafficSplit: shares },
      response: OperationAnswer,
    }),
});
