import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, next, paging, repository, rest } from "../../client.ts";

const input = z.object({
  ...repository,
  ...paging,
  runId: id.optional(),
  name: z.string().min(1).optional(),
});

const output = z.object({
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
});

export type ListArtifactsInput = z.output<typeof input>;
export type ListArtifactsOutput = z.input<typeof output>;

export const listArtifacts = defineAction({
  summary: "List the artifacts of a repository or of one workflow run, newest first",
  docs: rest("actions/artifacts#list-artifacts-for-a-repository"),
  scopes: ["actions:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../release/files.ts")).listArtifacts(api, given),
});
