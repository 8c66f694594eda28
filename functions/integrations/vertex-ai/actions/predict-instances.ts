import { type ApiTarget, defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, wrongInput } from "../client.ts";

/** Where predictions of an endpoint are asked for; `dedicatedHost` as `get-endpoint` tells it. */
export const aim = {
  endpoint: id,
  dedicatedHost: z
    .string()
    .regex(/^[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}\.prediction\.vertexai\.goog$/)
    .optional(),
};

/** The host of an endpoint that has one of its own. */
export function hostOf(
  endpoint: string,
  dedicatedHost: string | undefined,
): Pick<ApiTarget, "host" | "at"> {
  if (dedicatedHost === undefined) return {};
  const [named = "", place = ""] = dedicatedHost.split(".");
  if (named !== endpoint) {
    throw wrongInput("predict", "this is another endpoint's host; take that of get-endpoint");
  }
  return { host: "dedicated", at: { endpoint: named, place } };
}

export const predictInstances = defineAction({
  summary: "Have a deployed model predict for a list of instances",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/predict",
  scopes: ["aiplatform.endpoints.predict"],
  effect: "read",
  input: z.object({
    ...aim,
    /** As the model's own schema has them; 1.5 MB together, 10 MB for a dedicated endpoint. */
    instances: z.array(z.json()).min(1).max(10_000),
    parameters: z.json().optional(),
  }),
  output: z.object({
    predictions: z.array(z.json()),
    deployedModel: z.string().optional(),
    modelVersion: z.string().optional(),
  }),
  async run(api, { endpoint, dedicatedHost, instances, parameters }) {
    const answer = await api.request({
      method: "POST",
      ...hostOf(endpoint, dedicatedHost),
      path: path`/endpoints/${endpoint}:predict`,
      json: { instances, parameters },
      response: z.object({
        predictions: z.array(z.json()).default([]),
        deployedModelId: z.string().optional(),
        modelVersionId: z.string().optional(),
      }),
      timeoutSeconds: 60,
    });
    const { predictions, deployedModelId: deployedModel, modelVersionId: modelVersion } = answer;
    return { predictions, deployedModel, modelVersion };
  },
});
