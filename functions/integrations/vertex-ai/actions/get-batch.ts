import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { failureOf, Failure, id, Status } from "../client.ts";
import { job, jobAnswer, jobOf } from "../jobs.ts";

export const Batch = z.object({
  ...job,
  model: z.string().optional(),
  machine: z.string().optional(),
  /** Where the predictions are: a folder of Cloud Storage, or a table of BigQuery. */
  output: z.string().optional(),
  counts: z
    .object({ succeeded: z.int(), failed: z.int(), incomplete: z.int().optional() })
    .optional(),
  replicaHours: z.number().optional(),
  /** What went wrong with some of the instances. */
  partialFailures: z.array(Failure),
});

const int64 = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number)
  .optional();

export const BatchAnswer = z
  .object({
    ...jobAnswer,
    model: z.string().optional(),
    dedicatedResources: z
      .object({ machineSpec: z.object({ machineType: z.string().optional() }).optional() })
      .optional(),
    outputInfo: z
      .object({
        gcsOutputDirectory: z.string().optional(),
        bigqueryOutputDataset: z.string().optional(),
        bigqueryOutputTable: z.string().optional(),
      })
      .optional(),
    completionStats: z
      .object({ successfulCount: int64, failedCount: int64, incompleteCount: int64 })
      .optional(),
    resourcesConsumed: z.object({ replicaHours: z.number().optional() }).optional(),
    partialFailures: z.array(Status).optional(),
  })
  .transform((given): z.infer<typeof Batch> => {
    const { outputInfo: to = {}, completionStats: stats } = given;
    const { bigqueryOutputDataset: dataset, bigqueryOutputTable: table } = to;
    return {
      ...jobOf(given),
      model: given.model?.replace(/^projects\/[^/]+\/locations\/[^/]+\/(?:models\/)?/, ""),
      machine: given.dedicatedResources?.machineSpec?.machineType,
      output:
        to.gcsOutputDirectory ?? (table === undefined ? dataset : `${dataset ?? ""}.${table}`),
      counts: stats && {
        succeeded: stats.successfulCount ?? 0,
        failed: stats.failedCount ?? 0,
        // -1 says that nobody knows.
        incomplete: stats.incompleteCount === -1 ? undefined : stats.incompleteCount,
      },
      replicaHours: given.resourcesConsumed?.replicaHours,
      partialFailures: (given.partialFailures ?? []).map(failureOf),
    };
  });

export const getBatch = defineAction({
  summary: "How far a batch prediction is, where its output is and what could not be predicted",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.batchPredictionJobs/get",
  scopes: ["aiplatform.batchPredictionJobs.get"],
  effect: "read",
  input: z.object({ batch: id }),
  output: Batch,
  run: (api, { batch }) =>
    api.request({
      method: "GET",
      path: path`/batchPredictionJobs/${batch}`,
      response: BatchAnswer,
    }),
});
