import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, remove, repository, rest } from "../../client.ts";

export const deleteArtifact = defineAction({
  summary: "Delete an artifact before it expires",
  docs: rest("actions/artifacts#delete-an-artifact"),
  scopes: ["actions:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object({ ...repository, artifactId: id }),
  output: z.object({ deleted: z.boolean() }),
  async run(api, { owner, repo, artifactId }) {
    const artifact = path`/repos/${owner}/${repo}/actions/artifacts/${artifactId}`;
    return { deleted: await remove(api, artifact) };
  },
});
