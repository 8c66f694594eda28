import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id } from "../client.ts";

export const cancelTraining = defineAction({
  summary: "Cancel a custom training",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.customJobs/cancel",
  scopes: ["aiplatform.customJobs.cancel"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is cancelled stays so" },
  input: z.object({ training: id }),
  /** The request is made; the job's state tells when it is over, and it may have ended before. */
  output: z.object({}),
  async run(api, { training }) {
    await api.request({
      method: "POST",
      path: path`/customJobs/${training}:cancel`,
      json: {},
      response: z.unknown(),
    });
    return {};
  },
});
