import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";

export const createIssueComment = defineAction({
  summary: "Comment on an issue or a pull request",
  docs: rest("issues/comments#create-an-issue-comment"),
  scopes: ["issues:write", "pull_requests:write"],
  effect: "write",
  idempotency: { kind: "none", why: "GitHub takes no key, and each call adds a comment" },
  input: z.object({
    ...repository,
    number: z.int().positive(),
    /** Markdown; GitHub's own limit is 65,536 characters. */
    body: z.string().min(1).max(65_536),
  }),
  output: z.object({ id: z.int(), url: z.string() }),
  async run(api, { owner, repo, number, body }) {
    const comment = await api.request({
      method: "POST",
      path: path`/repos/${owner}/${repo}/issues/${number}/comments`,
      json: { body },
      response: z.object({ id: z.int(), html_url: z.string() }),
    });
    return { id: comment.id, url: comment.html_url };
  },
});
