import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, repository } from "../../client.ts";
import { download } from "../../release/download.ts";

export const downloadReleaseAsset = defineAction({
  summary: "Download an asset of a release of at most 4 MiB, checked against its digest",
  docs: "https://docs.github.com/rest/releases/assets#get-a-release-asset",
  scopes: ["contents:read"],
  effect: "read",
  input: z.object({ ...repository, assetId: id }),
  output: z.object({
    name: z.string(),
    type: z.string(),
    sizeBytes: z.int(),
    contentBase64: z.string(),
  }),
  async run(api, { owner, repo, assetId }) {
    const asset = path`/repos/${owner}/${repo}/releases/assets/${assetId}`;
    const { name, content_type, size, digest } = await api.request({
      method: "GET",
      path: asset,
      response: z.object({
        name: z.string(),
        content_type: z.string(),
        size: z.int(),
        digest: z.string().nullish(),
      }),
    });
    const bytes = await download(api, {
      path: asset,
      host: "assets",
      headers: { accept: "application/octet-stream" },
      sizeBytes: size,
      digest,
    });
    const contentBase64 = Buffer.from(bytes).toString("base64");
    return { name, type: content_type, sizeBytes: bytes.length, contentBase64 };
  },
});
