import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, idOf } from "../client.ts";
import { job, jobAnswer, jobOf } from "../jobs.ts";

export const Tuning = z.object({
  ...job,
  baseModel: z.string().optional(),
  epochs: z.int().optional(),
  /** What came of it: a model of the registry, and the endpoint that serves it. */
  model: z.string().optional(),
  endpoint: z.string().optional(),
  examples: z.int().optional(),
  /** Of the training data, once; every epoch is billed. */
  billableTokens: z.int().optional(),
  steps: z.int().optional(),
});

const int64 = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
  .optional();

export const TuningAnswer = z
  .object({
    ...jobAnswer,
    tunedModelDisplayName: z.string().optional(),
    baseModel: z.string().optional(),
    supervisedTuningSpec: z
      .object({ hyperParameters: z.object({ epochCount: int64 }).optional() })
      .optional(),
    tunedModel: z
      .object({ model: z.string().optional(), endpoint: z.string().optional() })
      .optional(),
    tuningDataStats: z
      .object({
        supervisedTuningDataStats: z
          .object({
            tuningDatasetExampleCount: int64,
            totalBillableTokenCount: int64,
            tuningStepCount: int64,
          })
          .optional(),
      })
      .optional(),
  })
  .transform((given): z.infer<typeof Tuning> => {
    const { tunedModel = {}, tuningDataStats } = given;
    const stats = tuningDataStats?.supervisedTuningDataStats;
    return {
      ...jobOf({ ...given, displayName: given.tunedModelDisplayName }),
      baseModel: given.baseModel,
      epochs: given.supervisedTuningSpec?.hyperParameters?.epochCount,
      model: tunedModel.model && idOf(tunedModel.model),
      endpoint: tunedModel.endpoint && idOf(tunedModel.endpoint),
      examples: stats?.tuningDatasetExampleCount,
      billableTokens: stats?.totalBillableTokenCount,
      steps: stats?.tuningStepCount,
    };
  });

export const getTuning = defineAction({
  summary: "How far a tuning is, and the model and endpoint that came of it",
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/projects.locations.tuningJobs/get",
  scopes: ["aiplatform.tuningJobs.get"],
  effect: "read",
  input: z.object({ tuning: id }),
  output: Tuning,
  run: (api, { tuning }) =>
    api.request({ method: "GET", path: path`/tuningJobs/${tuning}`, response: TuningAnswer }),
});
