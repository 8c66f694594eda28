import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, repository, rest } from "../../client.ts";
import { Release, written } from "../../release/release.ts";

const input = z.object({ ...repository, releaseId: id, ...written });

const output = Release;

export type UpdateReleaseInput = z.output<typeof input>;
export type UpdateReleaseOutput = z.input<typeof output>;

export const updateRelease = defineAction({
  summary: "Change a release: publish a draft, promote a pre-release, correct its text",
  docs: rest("releases/releases#update-a-release"),
  scopes: ["contents:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "it says how the release shall be" },
  input,
  output,
  run: async (api, given) => (await import("../../release/releases.ts")).updateRelease(api, given),
});
