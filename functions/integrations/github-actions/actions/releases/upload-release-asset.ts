import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, repository } from "../../client.ts";
import { MAX_BYTES } from "../../release/download.ts";

export const uploadReleaseAsset = defineAction({
  summary: "Add a file of at most 4 MiB to a release",
  docs: "https://docs.github.com/rest/releases/assets#upload-a-release-asset",
  scopes: ["contents:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "GitHub takes no key; it refuses a second asset of the same name",
  },
  input: z.object({
    ...repository,
    releaseId: id,
    name: z.string().min(1).max(255),
    label: z.string().max(255).optional(),
    type: z
      .string()
      .regex(/^[\w.+-]+\/[\w.+-]+$/)
      .default("application/octet-stream"),
    contentBase64: z.base64().max(Math.ceil(MAX_BYTES / 3) * 4),
  }),
  output: z.object({ assetId: z.int(), url: z.string(), sizeBytes: z.int() }),
  async run(api, { owner, repo, releaseId, name, label, type, contentBase64 }) {
    const asset = await api.request({
      method: "POST",
      host: "uploads",
      path: path`/repos/${owner}/${repo}/releases/${releaseId}/assets`,
      query: { name, label },
      body: { kind: "bytes", bytes: Buffer.from(contentBase64, "base64"), type },
      timeoutSeconds: 60,
      response: z.object({ id: z.int(), browser_download_url: z.string(), size: z.int() }),
    });
    return { assetId: asset.id, url: asset.browser_download_url, sizeBytes: asset.size };
  },
});
