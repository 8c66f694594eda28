import { defineAction } from "#shared/integration";
import * as z from "zod";
import { listOf, page, readPages } from "../client.ts";
import { Tuning, TuningAnswer } from "./get-tuning.ts";

export const listTunings = defineAction({
  summary: "List the tunings of the location",
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/projects.locations.tuningJobs/list",
  scopes: ["aiplatform.tuningJobs.list"],
  effect: "read",
  input: z.object(page),
  output: listOf(Tuning),
  run: (api, input) => readPages(api, "tuningJobs", TuningAnswer, input),
});
