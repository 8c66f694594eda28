import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";

export const createDeployment = defineAction({
  summary: "Ask for a commit to be deployed to an environment",
  docs: rest("deployments/deployments#create-a-deployment"),
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: { kind: "none", why: "GitHub takes no key, and each call creates a deployment" },
  input: z.object({
    ...repository,
    /** Branch, tag or commit. */
    ref: z.string().min(1),
    environment: z.string().min(1).default("production"),
    description: z.string().max(140).optional(),
    /** Status checks that must have passed; all of them when left out, none for an empty list. */
    requiredContexts: z.array(z.string()).optional(),
    payload: z.record(z.string(), z.json()).optional(),
  }),
  output: z.object({ id: z.int(), sha: z.string(), environment: z.string() }),
  async run(api, { owner, repo, requiredContexts, ...deployment }) {
    const { id, sha, environment } = await api.request({
      method: "POST",
      path: path`/repos/${owner}/${repo}/deployments`,
      // With auto_merge GitHub may merge the default branch into the ref and create no deployment at all.
      json: { ...deployment, required_contexts: requiredContexts, auto_merge: false },
      response: z.object({ id: z.int(), sha: z.string(), environment: z.string() }),
    });
    return { id, sha, environment };
  },
});
