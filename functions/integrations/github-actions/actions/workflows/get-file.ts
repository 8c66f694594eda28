import { defineAction } from "#shared/integration";
import * as z from "zod";
import { repository } from "../../client.ts";
import { fileAt, filePath, readFile } from "../../workflow/file.ts";

export const getFile = defineAction({
  summary:
    "Read a text file of a repository, such as a workflow, with the sha that a change of it has to name",
  docs: "https://docs.github.com/rest/repos/contents#get-repository-content",
  scopes: ["contents:read"],
  effect: "read",
  input: z.object({
    ...repository,
    path: filePath,
    /** Branch, tag or commit; the default branch when left out. */
    ref: z.string().min(1).max(255).optional(),
  }),
  output: z.object({ file: z.object({ sha: z.string(), text: z.string() }).nullable() }),
  async run(api, { owner, repo, path, ref }) {
    return { file: (await readFile(api, fileAt(owner, repo, path), ref)) ?? null };
  },
});
