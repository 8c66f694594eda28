import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository } from "../../client.ts";
import { isWelcome } from "../../report/licence.ts";

const Package = z.object({
  name: z.string().optional(),
  versionInfo: z.string().optional(),
  licenseConcluded: z.string().optional(),
  licenseDeclared: z.string().optional(),
});

const ids = z.array(z.string().min(1).max(100)).max(500).optional();
const found = z.object({ name: z.string(), version: z.string(), licence: z.string().nullable() });

/** How many packages are told by name; the counts are of all. */
const NAMED = 500;

export const reportLicences = defineAction({
  summary:
    "Count the licences of all dependencies (from the SBOM) and name those that a policy does not allow, or that are unknown",
  docs: "https://docs.github.com/rest/dependency-graph/sboms#export-a-software-bill-of-materials-sbom-for-a-repository",
  scopes: ["contents:read"],
  effect: "read",
  input: z.object({
    ...repository,
    /** SPDX ids. With `allow` nothing else is welcome. */
    allow: ids,
    deny: ids,
  }),
  output: z.object({
    packages: z.int(),
    licences: z.record(z.string(), z.int()),
    refused: z.array(found),
    unknown: z.array(found),
  }),
  async run(api, { owner, repo, ...policy }) {
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
    const named = (welcome: false | undefined): z.output<typeof found>[] =>
      packages.filter((one) => one.welcome === welcome).slice(0, NAMED);
    return {
      packages: packages.length,
      licences: Object.fromEntries(licences),
      refused: named(false),
      unknown: named(undefined),
    };
  },
});

/** https://spdx.github.io/spdx-spec/v2.3/package-information/#713-concluded-license-field */
function known(licence: string | undefined): string | undefined {
  return licence === "NOASSERTION" || licence === "NONE" || licence === "" ? undefined : licence;
}
