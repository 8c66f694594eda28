import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id } from "../client.ts";

export const cancelTuning = defineAction({
  summary: "Cancel a tuning",
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/projects.locations.tuningJobs/cancel",
  scopes: ["aiplatform.tuningJobs.cancel"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is cancelled stays so" },
  input: z.object({ tuning: id }),
  /** The request is made; the job's state tells when it is over, and it may have ended before. */
  output: z.object({}),
  async run(api, { tuning }) {
    await api.request({
      method: "POST",
      path: path`/tuningJobs/${tuning}:cancel`,
      json: {},
      response: z.unknown(),
    });
    return {};
  },
});
