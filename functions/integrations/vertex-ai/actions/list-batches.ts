import { defineAction } from "#shared/integration";
import * as z from "zod";
import { listOf, page, readPages } from "../client.ts";
import { Batch, BatchAnswer } from "./get-batch.ts";

export const listBatches = defineAction({
  summary: "List the batch predictions of the location",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.batchPredictionJobs/list",
  scopes: ["aiplatform.batchPredictionJobs.list"],
  effect: "read",
  input: z.object(page),
  output: listOf(Batch),
  run: (api, input) => readPages(api, "batchPredictionJobs", BatchAnswer, input),
});
