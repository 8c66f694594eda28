import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, refuse, repository } from "../../client.ts";
import { download } from "../../release/download.ts";

export const downloadArtifact = defineAction({
  summary: "Download an artifact as a zip of at most 4 MiB, checked against its digest",
  docs: "https://docs.github.com/rest/actions/artifacts#download-an-artifact",
  scopes: ["actions:read"],
  effect: "read",
  input: z.object({ ...repository, artifactId: id }),
  output: z.object({ name: z.string(), sizeBytes: z.int(), zipBase64: z.string() }),
  async run(api, { owner, repo, artifactId }) {
    const { name, expired, size_in_bytes, digest } = await api.request({
      method: "GET",
      path: path`/repos/${owner}/${repo}/actions/artifacts/${artifactId}`,
      response: z.object({
        name: z.string(),
        expired: z.boolean(),
        size_in_bytes: z.int(),
        digest: z.string().nullish(),
      }),
    });
    if (expired) throw refuse("artifact: it has expired; run the workflow again");
    const bytes = await download(api, {
      path: path`/repos/${owner}/${repo}/actions/artifacts/${artifactId}/zip`,
      host: "artifacts",
      sizeBytes: size_in_bytes,
      digest,
    });
    return { name, sizeBytes: bytes.length, zipBase64: Buffer.from(bytes).toString("base64") };
  },
});
