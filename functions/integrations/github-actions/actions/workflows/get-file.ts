import { defineAction } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";
import { filePath } from "../../workflow/path.ts";

const input = z.object({
  ...repository,
  path: filePath,
  /** Branch, tag or commit; the default branch when left out. */
  ref: z.string().min(1).max(255).optional(),
});

const output = z.object({ file: z.object({ sha: z.string(), text: z.string() }).nullable() });

export type GetFileInput = z.output<typeof input>;
export type GetFileOutput = z.input<typeof output>;

export const getFile = defineAction({
  summary:
    "Read a text file of a repository, such as a workflow, with the sha that a change of it has to name",
  docs: rest("repos/contents#get-repository-content"),
  scopes: ["contents:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../workflow/commit.ts")).getFile(api, given),
});
