import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, repository, rest } from "../../client.ts";
import { MAX_BYTES } from "../../release/release.ts";

const input = z.object({
  ...repository,
  releaseId: id,
  name: z.string().min(1).max(255),
  label: z.string().max(255).optional(),
  type: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+$/)
    .default("application/octet-stream"),
  contentBase64: z.base64().max(Math.ceil(MAX_BYTES / 3) * 4),
});

const output = z.object({ assetId: z.int(), url: z.string(), sizeBytes: z.int() });

export type UploadReleaseAssetInput = z.output<typeof input>;
export type UploadReleaseAssetOutput = z.input<typeof output>;

export const uploadReleaseAsset = defineAction({
  summary: "Add a file of at most 4 MiB to a release",
  docs: rest("releases/assets#upload-a-release-asset"),
  scopes: ["contents:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "GitHub takes no key; it refuses a second asset of the same name",
  },
  input,
  output,
  run: async (api, given) => (await import("../../release/files.ts")).uploadAsset(api, given),
});
