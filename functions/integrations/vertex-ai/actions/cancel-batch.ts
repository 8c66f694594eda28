import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id } from "../client.ts";

export const cancelBatch = defineAction({
  summary: "Cancel a batch prediction; what was predicted stays in its output",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.batchPredictionJobs/cancel",
  scopes: ["aiplatform.batchPredictionJobs.cancel"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is cancelled stays so" },
  input: z.object({ batch: id }),
  /** The request is made; the job's state tells when it is over, and it may have ended before. */
  output: z.object({}),
  async run(api, { batch }) {
    await api.request({
      method: "POST",
      path: path`/batchPredictionJobs/${batch}:cancel`,
      json: {},
      response: z.unknown(),
    });
    return {};
  },
});
