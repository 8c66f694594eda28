import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, repository, rest } from "../../client.ts";

const input = z.object({ ...repository, artifactId: id });

const output = z.object({ name: z.string(), sizeBytes: z.int(), zipBase64: z.string() });

export type DownloadArtifactInput = z.output<typeof input>;
export type DownloadArtifactOutput = z.input<typeof output>;

export const downloadArtifact = defineAction({
  summary: "Download an artifact as a zip of at most 4 MiB, checked against its digest",
  docs: rest("actions/artifacts#download-an-artifact"),
  scopes: ["actions:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../release/files.ts")).downloadArtifact(api, given),
});
