import { defineAction } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";
import { Release, written } from "../../release/release.ts";

const input = z.object({
  ...repository,
  tag: z.string().min(1).max(255),
  /** Branch or commit for a tag that is yet to be made; the default branch when left out. */
  target: z.string().min(1).max(255).optional(),
  ...written,
  /** Name and text from the pull requests since the last release. */
  generateNotes: z.boolean().optional(),
});

const output = Release;

export type CreateReleaseInput = z.output<typeof input>;
export type CreateReleaseOutput = z.input<typeof output>;

export const createRelease = defineAction({
  summary: "Create a release of a tag, and the tag if there is none",
  docs: rest("releases/releases#create-a-release"),
  scopes: ["contents:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "GitHub takes no key; it refuses a second release of a tag, but not a second draft",
  },
  input,
  output,
  run: async (api, given) => (await import("../../release/releases.ts")).createRelease(api, given),
});
