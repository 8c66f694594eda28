import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, repository } from "../../client.ts";
import { GivenRelease, Release, releaseOf, written } from "../../release/release.ts";

export const updateRelease = defineAction({
  summary: "Change a release: publish a draft, promote a pre-release, correct its text",
  docs: "https://docs.github.com/rest/releases/releases#update-a-release",
  scopes: ["contents:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "it says how the release shall be" },
  input: z.object({ ...repository, releaseId: id, ...written }),
  output: Release,
  async run(api, { owner, repo, releaseId, makeLatest, ...release }) {
    const changed = await api.request({
      method: "PATCH",
      path: path`/repos/${owner}/${repo}/releases/${releaseId}`,
      json: { ...release, make_latest: makeLatest },
      response: GivenRelease,
    });
    return releaseOf(changed);
  },
});
