import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository } from "../../client.ts";
import { GivenRelease, Release, releaseOf, written } from "../../release/release.ts";

export const createRelease = defineAction({
  summary: "Create a release of a tag, and the tag if there is none",
  docs: "https://docs.github.com/rest/releases/releases#create-a-release",
  scopes: ["contents:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "GitHub takes no key; it refuses a second release of a tag, but not a second draft",
  },
  input: z.object({
    ...repository,
    tag: z.string().min(1).max(255),
    /** Branch or commit for a tag that is yet to be made; the default branch when left out. */
    target: z.string().min(1).max(255).optional(),
    ...written,
    /** Name and text from the pull requests since the last release. */
    generateNotes: z.boolean().optional(),
  }),
  output: Release,
  async run(api, { owner, repo, tag, target, makeLatest, generateNotes, ...release }) {
    const made = await api.request({
      method: "POST",
      path: path`/repos/${owner}/${repo}/releases`,
      json: {
        ...release,
        tag_name: tag,
        target_commitish: target,
        make_latest: makeLatest,
        generate_release_notes: generateNotes,
      },
      response: GivenRelease,
    });
    return releaseOf(made);
  },
});
