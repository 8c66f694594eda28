import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository, rest } from "../../client.ts";
import { Release } from "../../release/release.ts";

const input = z.object({ ...repository, ...paging });

const output = z.object({ releases: z.array(Release), next });

export type ListReleasesInput = z.output<typeof input>;
export type ListReleasesOutput = z.input<typeof output>;

export const listReleases = defineAction({
  summary: "List releases with their assets, newest first; drafts only for who may push",
  docs: rest("releases/releases#list-releases"),
  scopes: ["contents:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../release/releases.ts")).listReleases(api, given),
});
