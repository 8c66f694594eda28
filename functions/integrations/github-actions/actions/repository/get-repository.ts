import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";

export const getRepository = defineAction({
  summary: "What a repository is called, where it is and which branch is its default",
  docs: rest("repos/repos#get-a-repository"),
  scopes: ["metadata:read"],
  effect: "read",
  input: z.object(repository),
  output: z.object({
    id: z.int(),
    fullName: z.string(),
    url: z.string(),
    defaultBranch: z.string(),
    private: z.boolean(),
    archived: z.boolean(),
  }),
  async run(api, { owner, repo }) {
    const found = await api.request({
      method: "GET",
      path: path`/repos/${owner}/${repo}`,
      response: z.object({
        id: z.int(),
        full_name: z.string(),
        html_url: z.string(),
        default_branch: z.string(),
        private: z.boolean(),
        archived: z.boolean(),
      }),
    });
    return {
      id: found.id,
      fullName: found.full_name,
      url: found.html_url,
      defaultBranch: found.default_branch,
      private: found.private,
      archived: found.archived,
    };
  },
});
