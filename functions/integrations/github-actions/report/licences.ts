import { type Api, path } from "#shared/integration";
import * as z from "zod";
import type {
  ReportLicencesInput,
  ReportLicencesOutput,
} from "../actions/security/report-licences.ts";
import { isWelcome } from "./licence.ts";

const Package = z.object({
  name: z.string().optional(),
  versionInfo: z.string().optional(),
  licenseConcluded: z.string().optional(),
  licenseDeclared: z.string().optional(),
});

/** How many packages are told by name; the counts are of all. */
const NAMED = 500;

/** Runs `report-licences`. */
export async function reportLicences(
  api: Api,
  { owner, repo, ...policy }: ReportLicencesInput,
): Promise<ReportLicencesOutput> {
  const { sbom } = await api.request({
    method: "GET",
    path: path`/repos/${owner}/${repo}/dependency-graph/sbom`,
    response: z.object({ sbom: z.object({ packages: z.array(Package) }) }),
  });
  const licences = new Map<string, number>();
  const packages = sbom.packages.map(({ name = "", versionInfo: version = "", ...one }) => {
    const licence = known(one.licenseConcluded) ?? known(one.licenseDeclared) ?? null;
    licences.set(licence ?? "unknown", (licences.get(licence ?? "unknown") ?? 0) + 1);
    const welcome = licence === null ? undefined : isWelcome(licence, policy);
    return { name, version, licence, welcome };
  });
  const named = (welcome: false | undefined): ReportLicencesOutput["refused"] =>
    packages.filter((one) => one.welcome === welcome).slice(0, NAMED);
  return {
    packages: packages.length,
    licences: Object.fromEntries(licences),
    refused: named(false),
    unknown: named(undefined),
  };
}

/** https://spdx.github.io/spdx-spec/v2.3/package-information/#713-concluded-license-field */
function known(licence: string | undefined): string | undefined {
  return licence === "NOASSERTION" || licence === "NONE" || licence === "" ? undefined : licence;
}
