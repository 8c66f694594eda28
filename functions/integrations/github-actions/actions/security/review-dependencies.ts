import { defineAction } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";
import { severities } from "../../report/alert.ts";

const ref = z.string().min(1).max(255);

const input = z.object({
  ...repository,
  base: ref,
  head: ref,
  /** From which severity on a vulnerability counts. */
  severity: z.enum(severities).default("low"),
  denyLicences: z.array(z.string().min(1).max(100)).max(500).default([]),
});

const output = z.object({
  passes: z.boolean(),
  /** `false`: there are more changes than could be read in time, and nothing passes. */
  complete: z.boolean(),
  added: z.int(),
  removed: z.int(),
  vulnerable: z.array(
    z.object({ name: z.string(), version: z.string(), advisories: z.array(z.string()) }),
  ),
  refused: z.array(z.object({ name: z.string(), version: z.string(), licence: z.string() })),
});

export type ReviewDependenciesInput = z.output<typeof input>;
export type ReviewDependenciesOutput = z.input<typeof output>;

export const reviewDependencies = defineAction({
  summary:
    "Compare the dependencies of two commits: what was added, with vulnerabilities and refused licences",
  docs: rest("dependency-graph/dependency-review#get-a-diff-of-the-dependencies-between-commits"),
  scopes: ["contents:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) =>
    (await import("../../report/dependencies.ts")).reviewDependencies(api, given),
});
