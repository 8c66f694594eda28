import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, idOf } from "../client.ts";

const Deployed = z.object({
  id: z.string(),
  model: z.string(),
  modelVersion: z.string().optional(),
  title: z.string().optional(),
  createdAt: z.string().optional(),
  machine: z.string().optional(),
  accelerator: z.string().optional(),
  minReplicas: z.int().optional(),
  maxReplicas: z.int().optional(),
  /** In percent. */
  traffic: z.int(),
});

export const Endpoint = z.object({
  id: z.string(),
  title: z.string(),
  createdAt: z.string(),
  /** Where predictions are asked for, if the endpoint has a host of its own; for `predict-instances`. */
  dedicatedHost: z.string().optional(),
  models: z.array(Deployed),
});

const replicas = { minReplicaCount: z.int().optional(), maxReplicaCount: z.int().optional() };

export const EndpointAnswer = z
  .object({
    name: z.string(),
    displayName: z.string(),
    createTime: z.string(),
    dedicatedEndpointDns: z.string().optional(),
    trafficSplit: z.record(z.string(), z.int()).optional(),
    deployedModels: z
      .array(
        z.object({
          id: z.string(),
          model: z.string(),
          modelVersionId: z.string().optional(),
          displayName: z.string().optional(),
          createTime: z.string().optional(),
          dedicatedResources: z
            .object({
              machineSpec: z
                .object({
                  machineType: z.string().optional(),
                  acceleratorType: z.string().optional(),
                })
                .optional(),
              ...replicas,
            })
            .optional(),
          automaticResources: z.object(replicas).optional(),
        }),
      )
      .optional(),
  })
  .transform((given): z.infer<typeof Endpoint> => {
    const { deployedModels = [], trafficSplit: shares = {} } = given;
    return {
      id: idOf(given.name),
      title: given.displayName,
      createdAt: given.createTime,
      dedicatedHost: given.dedicatedEndpointDns?.replace(/^https:\/\//, ""),
      models: deployedModels.map((one) => ({
        id: one.id,
        model: idOf(one.model),
        modelVersion: one.modelVersionId,
        title: one.displayName,
        createdAt: one.createTime,
        machine: one.dedicatedResources?.machineSpec?.machineType,
        accelerator: one.dedicatedResources?.machineSpec?.acceleratorType,
        minReplicas: (one.dedicatedResources ?? one.automaticResources)?.minReplicaCount,
        maxReplicas: (one.dedicatedResources ?? one.automaticResources)?.maxReplicaCount,
        traffic: shares[one.id] ?? 0,
      })),
    };
  });

export const getEndpoint = defineAction({
  summary: "An endpoint: its models, their machines and their shares of the traffic",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/get",
  scopes: ["aiplatform.endpoints.get"],
  effect: "read",
  input: z.object({ endpoint: id }),
  output: Endpoint,
  run: (api, { endpoint }) =>
    api.request({ method: "GET", path: path`/endpoints/${endpoint}`, response: EndpointAnswer }),
});
