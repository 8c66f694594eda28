import { type Api, list, path } from "#shared/integration";
import * as z from "zod";
import type {
  ReviewDependenciesInput,
  ReviewDependenciesOutput,
} from "../actions/security/review-dependencies.ts";
import { severities } from "./alert.ts";
import { isWelcome } from "./licence.ts";

const Change = z.object({
  change_type: z.enum(["added", "removed"]),
  manifest: z.string(),
  ecosystem: z.string(),
  name: z.string(),
  version: z.string(),
  license: z.string().nullable(),
  vulnerabilities: z.array(z.object({ severity: z.string(), advisory_ghsa_id: z.string() })),
});

/** Runs `review-dependencies`. */
export async function reviewDependencies(
  api: Api,
  { owner, repo, base, head, severity, denyLicences }: ReviewDependenciesInput,
): Promise<ReviewDependenciesOutput> {
  const { items: changes, next } = await list(
    api,
    {
      method: "GET",
      path: path`/repos/${owner}/${repo}/dependency-graph/compare/${`${base}...${head}`}`,
      response: z.array(Change),
    },
    { kind: "link", params: ["page"], items: (page) => page },
  );
  const ignored = new Set<string>(severities.slice(severities.indexOf(severity) + 1));
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
}

/** This endpoint says `moderate` where alerts say `medium`: https://github.com/actions/dependency-review-action#configuration-options */
function rated(severity: string): string {
  return severity === "moderate" ? "medium" : severity;
}
