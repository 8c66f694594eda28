import { defineAction } from "#shared/integration";
import * as z from "zod";
import { repository, rest, sha } from "../../client.ts";
import { filePath } from "../../workflow/path.ts";

const input = z.object({
  ...repository,
  path: filePath,
  content: z.string().max(1_000_000),
  message: z.string().min(1).max(10_000),
  /** The default branch when left out. */
  branch: z.string().min(1).max(255).optional(),
  /** Of the version that is changed; left out for a new file. */
  sha: sha.optional(),
});

const output = z.object({
  sha: z.string(),
  /** `null` where the file had this content already. */
  commit: z.string().nullable(),
});

export type PutFileInput = z.output<typeof input>;
export type PutFileOutput = z.input<typeof output>;

export const putFile = defineAction({
  summary:
    "Commit a file, such as a workflow: a new one, or a change to the version that `sha` names and to no other",
  docs: rest("repos/contents#create-or-update-file-contents"),
  scopes: ["contents:write", "workflows:write"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "a change names the version it replaces, so it happens once",
  },
  input,
  output,
  run: async (api, given) => (await import("../../workflow/commit.ts")).putFile(api, given),
});
