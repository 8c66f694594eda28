import * as z from "zod";

/** A package in an image. */
export const Package = z.object({
  name: z.string(),
  version: z.string().nullable(),
  /** https://github.com/package-url/purl-spec */
  purl: z.string().nullable(),
  license: z.string().nullable(),
});
type Package = z.infer<typeof Package>;

/** https://spdx.github.io/spdx-spec/v2.3/package-information/ */
const Spdx = z.object({
  packages: z.array(
    z.object({
      name: z.string(),
      versionInfo: z.string().nullish(),
      licenseDeclared: z.string().nullish(),
      externalRefs: z
        .array(z.object({ referenceType: z.string(), referenceLocator: z.string() }))
        .nullish(),
    }),
  ),
});

/** https://cyclonedx.org/docs/1.6/json/#components */
const CycloneDx = z.object({
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string().nullish(),
      purl: z.string().nullish(),
      licenses: z
        .array(
          z.object({
            license: z.object({ id: z.string().nullish(), name: z.string().nullish() }).nullish(),
            expression: z.string().nullish(),
          }),
        )
        .nullish(),
    }),
  ),
});

/** Statements that list what is in an image. */
export function isContents(predicateType: string): boolean {
  return /^https:\/\/(?:spdx\.dev\/Document|cyclonedx\.org\/bom)(?:\/|$)/.test(predicateType);
}

/** The packages of a list of contents, in its order; `undefined` for what is neither SPDX nor CycloneDX. */
export function readPackages(predicate: unknown): readonly Package[] | undefined {
  const spdx = Spdx.safeParse(predicate);
  if (spdx.success) return spdx.data.packages.map(fromSpdx);
  return CycloneDx.safeParse(predicate).data?.components.map(fromCycloneDx);
}

function fromSpdx(one: z.infer<typeof Spdx>["packages"][number]): Package {
  const purl = (one.externalRefs ?? []).find(({ referenceType }) => referenceType === "purl");
  const license = one.licenseDeclared;
  return {
    name: one.name,
    version: one.versionInfo ?? null,
    purl: purl?.referenceLocator ?? null,
    license: license === undefined || license === "NOASSERTION" ? null : license,
  };
}

function fromCycloneDx(one: z.infer<typeof CycloneDx>["components"][number]): Package {
  const names = (one.licenses ?? []).flatMap(
    ({ license, expression }) => expression ?? license?.id ?? license?.name ?? [],
  );
  return {
    name: one.name,
    version: one.version ?? null,
    purl: one.purl ?? null,
    license: names.length === 0 ? null : names.join(" AND "),
  };
}
