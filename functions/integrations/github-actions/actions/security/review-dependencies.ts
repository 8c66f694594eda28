import { defineAction, list, path } from "#shared/integration";
import * as z from "zod";
import { repository } from "../../client.ts";
import { severities } from "../../report/alerts.ts";
import { isWelcome } from "../../report/licence.ts";

const Change = z.object({
  change_type: z.enum(["added", "removed"]),
  manifest: z.string(),
  ecosystem: z.string(),
  name: z.string(),
  version: z.string(),
  license: z.string().nullable(),
  vulnerabilities: z.array(z.object({ severity: z.string(), advisory_ghsa_id: z.string() })),
});

const ref = z.string().min(1).max(255);

export const reviewDependencies = defineAction({
  summary:
    "Compare the dependencies of two commits: what was added, with vulnerabilities and refused licences",
  docs: "https://docs.github.com/rest/dependency-graph/dependency-review#get-a-diff-of-the-dependencies-between-commits",
  scopes: ["contents:read"],
  effect: "read",
  input: z.object({
    ...repository,
    base: ref,
    head: ref,
    /** From which severity on a vulnerability counts. */
    severity: z.enum(severities).default("low"),
    denyLicences: z.array(z.string().min(1).max(100)).max(500).default([]),
  }),
  output: z.object({
    passes: z.boolean(),
    /** `false`: there are more changes than could be read in time, and nothing passes. */
    complete: z.boolean(),
    added: z.int(),
    removed: z.int(),
    vulnerable: z.array(
      z.object({ name: z.string(), version: z.string(), advisories: z.array(z.string()) }),
    ),
    refused: z.array(z.object({ name: z.string(), version: z.string(), licence: z.string() })),
  }),
  async run(api, { owner, repo, base, head, severity, denyLicences }) {
    const { items: changes, next } = await list(
      api,
      {
        method: "GET",
        path: path`/repos/${owner}/${repo}/dependency-graph/compare/${`${base}...${head}`}`,
        response: z.array(Change),
      },
      { kind: "link", params: ["page"], items: (page) => page },
    );
    const ignored: readonly string[] = new Set(severities.slice(severities.indexOf(severity) + 1));
    const added = changes.filter(({ change_type }) => change_type === "added");
    const vulnerable = added.flatMap(({ name, version, vulnerabilities }) => {
      const found = vulnerabilities.filter((one) => !ignored.has(rated(one.severity)));
      const advisories = found.map(({ advisory_ghsa_id }) => advisory_ghsa_id);
      return advisories.length === 0 ? [] : [{ name, version, advisories }];
    });
    const refused = added.flatMap(({ name, version, license: licence }) => {
      const denied = licence !== null && isWelcome(licence, { deny: denyLicences }) === false;
      return denied ? [{ name, version, licence }] : [];
    });
    return {
      passes: next === null && vulnerable.length + refused.length === 0,
      complete: next === null,
      added: added.length,
      removed: changes.length - added.length,
      vulnerable,
      refused,
    };
  },
});

/** This endpoint says `moderate` where alerts say `medium`: https://github.com/actions/dependency-review-action#configuration-options */
function rated(severity: string): string {
  return severity === "moderate" ? "medium" : severity;
}
