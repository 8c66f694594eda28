import { type Api, path } from "#shared/integration";
import * as z from "zod";

const Created = z.object({ id: z.int(), sha: z.string() });

/** Creates a deployment of exactly this ref. Checks are the caller's matter, nothing is merged. */
export async function deploy(
  api: Api,
  { owner, repo }: { readonly owner: string; readonly repo: string },
  deployment: {
    readonly ref: string;
    readonly environment: string;
    readonly description: string | undefined;
    readonly payload: unknown;
  },
): Promise<z.output<typeof Created>> {
  return api.request({
    method: "POST",
    path: path`/repos/${owner}/${repo}/deployments`,
    json: { ...deployment, auto_merge: false, required_contexts: [] },
    response: Created,
  });
}

/** Adds to what is known of a deployment. */
export async function tell(
  api: Api,
  { owner, repo }: { readonly owner: string; readonly repo: string },
  deploymentId: number,
  status: Readonly<Record<string, unknown>> & { readonly state: string },
): Promise<void> {
  await api.request({
    method: "POST",
    path: path`/repos/${owner}/${repo}/deployments/${deploymentId}/statuses`,
    json: status,
    response: z.object({ id: z.int() }),
  });
}
