import { defineAction } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";

const ids = z.array(z.string().min(1).max(100)).max(500).optional();
const found = z.object({ name: z.string(), version: z.string(), licence: z.string().nullable() });

const input = z.object({
  ...repository,
  /** SPDX ids. With `allow` nothing else is welcome. */
  allow: ids,
  deny: ids,
});

const output = z.object({
  packages: z.int(),
  licences: z.record(z.string(), z.int()),
  refused: z.array(found),
  unknown: z.array(found),
});

export type ReportLicencesInput = z.output<typeof input>;
export type ReportLicencesOutput = z.input<typeof output>;

export const reportLicences = defineAction({
  summary:
    "Count the licences of all dependencies (from the SBOM) and name those that a policy does not allow, or that are unknown",
  docs: rest("dependency-graph/sboms#export-a-software-bill-of-materials-sbom-for-a-repository"),
  scopes: ["contents:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../report/licences.ts")).reportLicences(api, given),
});
