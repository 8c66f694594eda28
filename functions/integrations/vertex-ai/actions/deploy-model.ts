import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import * as client from "../client.ts";

/** https://cloud.google.com/vertex-ai/docs/predictions/autoscaling */
const metrics = {
  cpu: "aiplatform.googleapis.com/prediction/online/cpu/utilization",
  accelerator: "aiplatform.googleapis.com/prediction/online/accelerator/duty_cycle",
  requests: "aiplatform.googleapis.com/prediction/online/request_count",
} as const;

/** When replicas are added: above this percentage of use, or with this many requests per minute and replica. */
export const scaleOn = z
  .array(
    z.object({
      metric: z.enum(["cpu", "accelerator", "requests"]),
      target: z.int().min(1).max(1_000_000),
    }),
  )
  .min(1)
  .max(3);

/** The metrics as Vertex spells them. */
export function metricSpecs(given: z.infer<typeof scaleOn> | undefined) {
  return given?.map(({ metric, target }) => ({ metricName: metrics[metric], target }));
}

export const deployModel = defineAction({
  summary: "Deploy a model to an endpoint, on machines whose number follows the load",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/deployModel",
  scopes: ["aiplatform.endpoints.deploy", "aiplatform.models.get"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "a repeat deploys the model twice; look with get-endpoint before the next try",
  },
  input: z.object({
    endpoint: client.id,
    model: client.model,
    title: client.displayName.optional(),
    /** Left out, Vertex chooses the machine, for models that support automatic resources. */
    machine: client.machine.optional(),
    minReplicas: z.int().min(1).max(1_000).default(1),
    maxReplicas: z.int().min(1).max(1_000).optional(),
    scaleOn: scaleOn.optional(),
    spot: z.boolean().optional(),
    serviceAccount: z.email().optional(),
    /** By deployed model, `0` for this one; left out, an endpoint's first model gets all. */
    traffic: client.traffic.optional(),
  }),
  output: client.Operation,
  run(api, { endpoint, model, title, machine, minReplicas, maxReplicas, spot, ...given }) {
    const replicas = { minReplicaCount: minReplicas, maxReplicaCount: maxReplicas ?? minReplicas };
    if (replicas.maxReplicaCount < minReplicas) {
      throw client.wrongInput("deploy-model", "maxReplicas is less than minReplicas");
    }
    if (machine === undefined && (given.scaleOn ?? spot) !== undefined) {
      throw client.wrongInput("deploy-model", "scaleOn and spot take a machine; name one");
    }
    return api.request({
      method: "POST",
      path: path`/endpoints/${endpoint}:deployModel`,
      json: {
        deployedModel: {
          model: client.nameOf(api, `models/${model}`),
          displayName: title,
          serviceAccount: given.serviceAccount,
          ...(machine === undefined
            ? { automaticResources: replicas }
            : {
                dedicatedResources: {
                  machineSpec: client.machineSpec(machine),
                  ...replicas,
                  autoscalingMetricSpecs: metricSpecs(given.scaleOn),
                  spot,
                },
              }),
        },
        trafficSplit: given.traffic,
      },
      response: client.OperationAnswer,
    });
  },
});
