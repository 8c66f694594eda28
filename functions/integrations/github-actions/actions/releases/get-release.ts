import { defineAction } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";
import { Release } from "../../release/release.ts";

const input = z.object({
  ...repository,
  /** The latest release, neither draft nor pre-release, when left out. */
  tag: z.string().min(1).max(255).optional(),
});

const output = Release;

export type GetReleaseInput = z.output<typeof input>;
export type GetReleaseOutput = z.input<typeof output>;

export const getRelease = defineAction({
  summary: "The release of a tag, or the latest one, with its assets",
  docs: rest("releases/releases#get-a-release-by-tag-name"),
  scopes: ["contents:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../release/releases.ts")).getRelease(api, given),
});
