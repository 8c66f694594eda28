import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, repository, rest } from "../../client.ts";

const input = z.object({ ...repository, assetId: id });

const output = z.object({
  name: z.string(),
  type: z.string(),
  sizeBytes: z.int(),
  contentBase64: z.string(),
});

export type DownloadReleaseAssetInput = z.output<typeof input>;
export type DownloadReleaseAssetOutput = z.input<typeof output>;

export const downloadReleaseAsset = defineAction({
  summary: "Download an asset of a release of at most 4 MiB, checked against its digest",
  docs: rest("releases/assets#get-a-release-asset"),
  scopes: ["contents:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../release/files.ts")).downloadAsset(api, given),
});
