import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { listPage, next, paging, repository } from "../../client.ts";
import { GivenRelease, Release, releaseOf } from "../../release/release.ts";

export const listReleases = defineAction({
  summary: "List releases with their assets, newest first; drafts only for who may push",
  docs: "https://docs.github.com/rest/releases/releases#list-releases",
  scopes: ["contents:read"],
  effect: "read",
  input: z.object({ ...repository, ...paging }),
  output: z.object({ releases: z.array(Release), next }),
  async run(api, { owner, repo, ...page }) {
    const found = await listPage(api, {
      ...page,
      path: path`/repos/${owner}/${repo}/releases`,
      response: z.array(GivenRelease),
      items: (releases) => releases,
    });
    return { releases: found.items.map(releaseOf), next: found.next };
  },
});
