import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, listPage, next, paging, repository } from "../../client.ts";

const Artifact = z.object({
  id: z.int(),
  name: z.string(),
  size_in_bytes: z.int(),
  expired: z.boolean(),
  expires_at: z.string().nullable(),
  digest: z.string().nullish(),
});

export const listArtifacts = defineAction({
  summary: "List the artifacts of a repository or of one workflow run, newest first",
  docs: "https://docs.github.com/rest/actions/artifacts#list-artifacts-for-a-repository",
  scopes: ["actions:read"],
  effect: "read",
  input: z.object({
    ...repository,
    ...paging,
    runId: id.optional(),
    name: z.string().min(1).optional(),
  }),
  output: z.object({
    artifacts: z.array(
      z.object({
        id: z.int(),
        name: z.string(),
        sizeBytes: z.int(),
        expired: z.boolean(),
        expiresAt: z.string().nullable(),
        digest: z.string().nullable(),
      }),
    ),
    next,
  }),
  async run(api, { owner, repo, runId, name, ...page }) {
    const found = await listPage(api, {
      ...page,
      path:
        runId === undefined
          ? path`/repos/${owner}/${repo}/actions/artifacts`
          : path`/repos/${owner}/${repo}/actions/runs/${runId}/artifacts`,
      query: { name },
      response: z.object({ artifacts: z.array(Artifact) }),
      items: ({ artifacts }) => artifacts,
    });
    const artifacts = found.items.map(({ size_in_bytes, expires_at, digest, ...one }) => ({
      ...one,
      sizeBytes: size_in_bytes,
      expiresAt: expires_at,
      digest: digest ?? null,
    }));
    return { artifacts, next: found.next };
  },
});
