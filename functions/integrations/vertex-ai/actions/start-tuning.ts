import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { displayName, gcs, labels, publisherModel } from "../client.ts";
import { Tuning, TuningAnswer } from "./get-tuning.ts";

/** A dataset: JSON lines in Cloud Storage, or a multimodal dataset of Vertex by its name. */
const dataset = z.union([
  gcs,
  z.string().regex(/^projects\/[\w.:-]+\/locations\/[a-z0-9-]+\/datasets\/\d+$/),
]);

export const startTuning = defineAction({
  summary: "Tune a Gemini model on examples of what it should answer",
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/models/gemini-use-supervised-tuning",
  scopes: ["aiplatform.tuningJobs.create"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "Vertex takes no key; give the tuning a label and look for it with list-tunings before the next try",
  },
  input: z.object({
    baseModel: publisherModel,
    training: dataset,
    validation: dataset.optional(),
    title: displayName.optional(),
    description: z.string().max(4_000).optional(),
    labels: labels.optional(),
    /** All of these are Vertex's to choose where they are left out. */
    epochs: z.int().min(1).max(100).optional(),
    adapterSize: z.enum(["ONE", "TWO", "FOUR", "EIGHT", "SIXTEEN", "THIRTY_TWO"]).optional(),
    learningRateMultiplier: z.number().gt(0).max(100).optional(),
    lastCheckpointOnly: z.boolean().optional(),
    serviceAccount: z.email().optional(),
  }),
  output: Tuning,
  run: (api, { baseModel, training, validation, epochs, adapterSize, ...given }) =>
    api.request({
      method: "POST",
      path: path`/tuningJobs`,
      json: {
        baseModel,
        tunedModelDisplayName: given.title,
        description: given.description,
        labels: given.labels,
        serviceAccount: given.serviceAccount,
        supervisedTuningSpec: {
          trainingDatasetUri: training,
          validationDatasetUri: validation,
          exportLastCheckpointOnly: given.lastCheckpointOnly,
          hyperParameters: {
            epochCount: epochs === undefined ? undefined : String(epochs),
            adapterSize: adapterSize && `ADAPTER_SIZE_${adapterSize}`,
            learningRateMultiplier: given.learningRateMultiplier,
          },
        },
      },
      response: TuningAnswer,
    }),
});
