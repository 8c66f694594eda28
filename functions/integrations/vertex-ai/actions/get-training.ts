import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id } from "../client.ts";
import { job, jobAnswer, jobOf } from "../jobs.ts";

export const Training = z.object({
  ...job,
  pools: z.array(
    z.object({
      machine: z.string().optional(),
      accelerator: z.string().optional(),
      accelerators: z.int(),
      replicas: z.int(),
    }),
  ),
  output: z.string().optional(),
});

export const TrainingAnswer = z
  .object({
    ...jobAnswer,
    jobSpec: z
      .object({
        workerPoolSpecs: z
          .array(
            z.object({
              replicaCount: z
                .string()
                .regex(/^\d{1,9}$/)
                .transform(Number)
                .optional(),
              machineSpec: z
                .object({
                  machineType: z.string().optional(),
                  acceleratorType: z.string().optional(),
                  acceleratorCount: z.int().optional(),
                })
                .optional(),
            }),
          )
          .optional(),
        baseOutputDirectory: z.object({ outputUriPrefix: z.string().optional() }).optional(),
      })
      .optional(),
  })
  .transform((given): z.infer<typeof Training> => {
    const { workerPoolSpecs = [], baseOutputDirectory } = given.jobSpec ?? {};
    return {
      ...jobOf(given),
      pools: workerPoolSpecs.map(({ replicaCount = 0, machineSpec = {} }) => ({
        machine: machineSpec.machineType,
        accelerator: machineSpec.acceleratorType,
        accelerators: machineSpec.acceleratorCount ?? 0,
        replicas: replicaCount,
      })),
      output: baseOutputDirectory?.outputUriPrefix,
    };
  });

export const getTraining = defineAction({
  summary: "How far a custom training is, on which machines it runs and where its output goes",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.customJobs/get",
  scopes: ["aiplatform.customJobs.get"],
  effect: "read",
  input: z.object({ training: id }),
  output: Training,
  run: (api, { training }) =>
    api.request({ method: "GET", path: path`/customJobs/${training}`, response: TrainingAnswer }),
});
