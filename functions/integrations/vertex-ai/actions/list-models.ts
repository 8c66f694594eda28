import { defineAction } from "#shared/integration";
import * as z from "zod";
import { listOf, page, readPages } from "../client.ts";
import { Model, ModelAnswer } from "./get-model.ts";

export const listModels = defineAction({
  summary: "List the models of the registry",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models/list",
  scopes: ["aiplatform.models.list"],
  effect: "read",
  input: z.object(page),
  output: listOf(Model),
  run: (api, input) => readPages(api, "models", ModelAnswer, input),
});
