import { Fault } from "#shared/errors";
import { defineAction } from "#shared/integration";
import * as z from "zod";
import { repository, sha } from "../../client.ts";
import { blobSha, fileAt, filePath, readFile } from "../../workflow/file.ts";

export const putFile = defineAction({
  summary:
    "Commit a file, such as a workflow: a new one, or a change to the version that `sha` names and to no other",
  docs: "https://docs.github.com/rest/repos/contents#create-or-update-file-contents",
  scopes: ["contents:write", "workflows:write"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "a change names the version it replaces, so it happens once",
  },
  input: z.object({
    ...repository,
    path: filePath,
    content: z.string().max(1_000_000),
    message: z.string().min(1).max(10_000),
    /** The default branch when left out. */
    branch: z.string().min(1).max(255).optional(),
    /** Of the version that is changed; left out for a new file. */
    sha: sha.optional(),
  }),
  output: z.object({
    sha: z.string(),
    /** `null` where the file had this content already. */
    commit: z.string().nullable(),
  }),
  async run(api, { owner, repo, path, content, message, branch, sha: replaced }) {
    const file = fileAt(owner, repo, path);
    try {
      const done = await api.request({
        method: "PUT",
        path: file,
        json: {
          message,
          branch,
          sha: replaced,
          content: Buffer.from(content).toString("base64"),
        },
        response: z.object({
          content: z.object({ sha: z.string() }),
          commit: z.object({ sha: z.string() }),
        }),
      });
      return { sha: done.content.sha, commit: done.commit.sha };
    } catch (error) {
      // A repeat of what has happened finds the file as it was to be.
      const refused =
        Fault.is(error) && /^(?:failed_precondition|invalid_argument)$/.test(error.code);
      const present = refused ? await readFile(api, file, branch) : undefined;
      if (present === undefined || present.sha !== blobSha(content)) throw error;
      return { sha: present.sha, commit: null };
    }
  },
});
