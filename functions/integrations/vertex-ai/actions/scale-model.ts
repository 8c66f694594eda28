import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, Operation, OperationAnswer, wrongInput } from "../client.ts";
import { metricSpecs, scaleOn } from "./deploy-model.ts";

export const scaleModel = defineAction({
  summary: "Change how a deployed model scales: the bounds of its replicas, and what they follow",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/mutateDeployedModel",
  scopes: ["aiplatform.endpoints.deploy"],
  effect: "write",
  idempotency: { kind: "natural", why: "it sets bounds; setting them again changes nothing" },
  input: z.object({
    endpoint: id,
    deployedModel: z.string().regex(/^\d{1,20}$/),
    /** Of a model that was deployed without a machine. */
    automatic: z.boolean().default(false),
    minReplicas: z.int().min(1).max(1_000),
    maxReplicas: z.int().min(1).max(1_000),
    scaleOn: scaleOn.optional(),
  }),
  output: Operation,
  run(api, { endpoint, deployedModel, automatic, minReplicas, maxReplicas, scaleOn: metrics }) {
    if (maxReplicas < minReplicas) {
      throw wrongInput("scale-model", "maxReplicas is less than minReplicas");
    }
    if (automatic && metrics !== undefined) {
      throw wrongInput("scale-model", "automatic resources follow no metric; leave out scaleOn");
    }
    const where = automatic ? "automaticResources" : "dedicatedResources";
    const masks = ["minReplicaCount", "maxReplicaCount"];
    if (metrics !== undefined) masks.push("autoscalingMetricSpecs");
    return api.request({
      method: "POST",
      path: path`/endpoints/${endpoint}:mutateDeployedModel`,
      json: {
        deployedModel: {
          id: deployedModel,
          [where]: {
            minReplicaCount: minReplicas,
            maxReplicaCount: maxReplicas,
            autoscalingMetricSpecs: metricSpecs(metrics),
          },
        },
        updateMask: masks.map((mask) => `${where}.${mask}`).join(),
      },
      response: OperationAnswer,
    });
  },
});
