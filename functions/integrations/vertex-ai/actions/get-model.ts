import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { idOf, model } from "../client.ts";

export const Model = z.object({
  id: z.string(),
  version: z.string().optional(),
  aliases: z.array(z.string()),
  title: z.string(),
  createdAt: z.string(),
  updatedAt: z.string().optional(),
  image: z.string().optional(),
  artifacts: z.string().optional(),
  /** Where it serves: `deploy-model` has put it there. */
  deployments: z.array(z.object({ endpoint: z.string(), deployedModel: z.string() })),
  /** What `deploy-model` may give it: dedicated, automatic or shared resources. */
  resources: z.array(z.string()),
});

export const ModelAnswer = z
  .object({
    name: z.string(),
    versionId: z.string().optional(),
    versionAliases: z.array(z.string()).optional(),
    displayName: z.string(),
    createTime: z.string(),
    updateTime: z.string().optional(),
    containerSpec: z.object({ imageUri: z.string().optional() }).optional(),
    artifactUri: z.string().optional(),
    deployedModels: z
      .array(z.object({ endpoint: z.string(), deployedModelId: z.string() }))
      .optional(),
    supportedDeploymentResourcesTypes: z.array(z.string()).optional(),
  })
  .transform((given) => ({
    id: idOf(given.name),
    version: given.versionId,
    aliases: given.versionAliases ?? [],
    title: given.displayName,
    createdAt: given.createTime,
    updatedAt: given.updateTime,
    image: given.containerSpec?.imageUri,
    artifacts: given.artifactUri,
    deployments: (given.deployedModels ?? []).map(({ endpoint, deployedModelId }) => {
      return { endpoint: idOf(endpoint), deployedModel: deployedModelId };
    }),
    resources: (given.supportedDeploymentResourcesTypes ?? []).map((type) =>
      type.replace(/_RESOURCES$/, "").toLowerCase(),
    ),
  }));

export const getModel = defineAction({
  summary: "A model of the registry, and where it is deployed",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models/get",
  scopes: ["aiplatform.models.get"],
  effect: "read",
  input: z.object({ model }),
  output: Model,
  run: (api, input) =>
    api.request({ method: "GET", path: path`/models/${input.model}`, response: ModelAnswer }),
});
