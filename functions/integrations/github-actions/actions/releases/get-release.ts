import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository } from "../../client.ts";
import { GivenRelease, Release, releaseOf } from "../../release/release.ts";

export const getRelease = defineAction({
  summary: "The release of a tag, or the latest one, with its assets",
  docs: "https://docs.github.com/rest/releases/releases#get-a-release-by-tag-name",
  scopes: ["contents:read"],
  effect: "read",
  input: z.object({
    ...repository,
    /** The latest release, neither draft nor pre-release, when left out. */
    tag: z.string().min(1).max(255).optional(),
  }),
  output: Release,
  async run(api, { owner, repo, tag }) {
    const found = await api.request({
      method: "GET",
      path:
        tag === undefined
          ? path`/repos/${owner}/${repo}/releases/latest`
          : path`/repos/${owner}/${repo}/releases/tags/${tag}`,
      response: GivenRelease,
    });
    return releaseOf(found);
  },
});
