import { defineAction } from "#shared/integration";
import * as z from "zod";
import { listOf, page, readPages } from "../client.ts";
import { Training, TrainingAnswer } from "./get-training.ts";

export const listTrainings = defineAction({
  summary: "List the custom trainings of the location",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.customJobs/list",
  scopes: ["aiplatform.customJobs.list"],
  effect: "read",
  input: z.object(page),
  output: listOf(Training),
  run: (api, input) => readPages(api, "customJobs", TrainingAnswer, input),
});
