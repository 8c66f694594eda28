import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import * as client from "../client.ts";
import { Batch, BatchAnswer } from "./get-batch.ts";

/** https://cloud.google.com/vertex-ai/docs/predictions/get-batch-predictions */
const format = z.enum(["jsonl", "csv", "tf-record", "tf-record-gzip", "file-list"]);
const table = z.string().regex(/^bq:\/\/[\w:.-]{3,1000}$/);

const source = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("files"),
    format: format.default("jsonl"),
    uris: z.array(client.gcs).min(1).max(1_000),
  }),
  z.object({ kind: z.literal("table"), table }),
]);

const destination = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("files"),
    format: z.enum(["jsonl", "csv"]).default("jsonl"),
    folder: client.gcs,
  }),
  z.object({ kind: z.literal("table"), table }),
]);

export const startBatch = defineAction({
  summary: "Predict for many instances at once, with Gemini or a model of the registry",
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-gemini",
  scopes: ["aiplatform.batchPredictionJobs.create"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "Vertex takes no key; give the batch a label and look for it with list-batches before the next try",
  },
  input: z.object({
    title: client.displayName,
    /** A model of the registry, or one of Google's. */
    model: client.model.optional(),
    publisherModel: client.publisherModel.optional(),
    from: source,
    to: destination,
    parameters: z.json().optional(),
    /** For a model of the registry. */
    machine: client.machine.optional(),
    startingReplicas: z.int().min(1).max(1_000).optional(),
    maxReplicas: z.int().min(1).max(1_000).optional(),
    serviceAccount: z.email().optional(),
    labels: client.labels.optional(),
  }),
  output: Batch,
  run(api, { title, model, publisherModel, from, to, parameters, machine, ...given }) {
    if ((model === undefined) === (publisherModel === undefined)) {
      throw client.wrongInput("start-batch", "it takes model or publisherModel; give one of them");
    }
    return api.request({
      method: "POST",
      path: path`/batchPredictionJobs`,
      json: {
        displayName: title,
        model:
          model === undefined
            ? `publishers/google/models/${publisherModel ?? ""}`
            : client.nameOf(api, `models/${model}`),
        inputConfig:
          from.kind === "files"
            ? { instancesFormat: from.format, gcsSource: { uris: from.uris } }
            : { instancesFormat: "bigquery", bigquerySource: { inputUri: from.table } },
        outputConfig:
          to.kind === "files"
            ? { predictionsFormat: to.format, gcsDestination: { outputUriPrefix: to.folder } }
            : { predictionsFormat: "bigquery", bigqueryDestination: { outputUri: to.table } },
        modelParameters: parameters,
        dedicatedResources: machine && {
          machineSpec: client.machineSpec(machine),
          startingReplicaCount: given.startingReplicas,
          maxReplicaCount: given.maxReplicas,
        },
        serviceAccount: given.serviceAccount,
        labels: given.labels,
      },
      response: BatchAnswer,
    });
  },
});
