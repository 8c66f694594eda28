import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { aim, hostOf } from "./predict-instances.ts";

export const predictRaw = defineAction({
  summary: "Have a deployed model answer in a form of its own, such as a server for open models",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/rawPredict",
  scopes: ["aiplatform.endpoints.predict"],
  effect: "read",
  input: z.object({ ...aim, body: z.json() }),
  output: z.object({ body: z.json() }),
  async run(api, { endpoint, dedicatedHost, body }) {
    const answer = await api.request({
      method: "POST",
      ...hostOf(endpoint, dedicatedHost),
      path: path`/endpoints/${endpoint}:rawPredict`,
      json: body,
      response: z.json(),
      timeoutSeconds: 60,
    });
    return { body: answer };
  },
});
