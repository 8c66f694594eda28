import { defineAction } from "#shared/integration";
import * as z from "zod";
import { image, upstream, platform } from "../client.ts";
import { isContents, Package, readPackages } from "../packages.ts";
import { loadImages } from "../load-images.ts";

const SIZE = 500;

export const readContents = defineAction({
  summary: "Read the packages in an image from the list of contents (SBOM) that is attached to it",
  docs: "https://docs.docker.com/build/metadata/attestations/sbom/",
  scopes: ["repo:read"],
  effect: "read",
  input: z.object({
    ...image,
    platform,
    from: z
      .string()
      .regex(/^\d{1,6}$/)
      .default("0"),
  }),
  output: z.object({
    digest: z.string(),
    total: z.int(),
    items: z.array(Package),
    next: z.string().nullable(),
  }),
  async run(api, { repository, reference, platform: wanted, from }) {
    const { openRegistry, readAttached, readManifest, readPredicate } = await loadImages();
    const registry = await openRegistry(api, { [repository]: ["pull"] });
    const manifest = await readManifest(registry, repository, reference);
    const described = await readAttached(registry, repository, manifest, wanted);
    const attached = described.attached.find((one) => isContents(one.predicateType));
    const said = attached && (await readPredicate(registry, repository, described, attached));
    const packages = said && readPackages(said.predicate);
    if (packages === undefined) throw noList(described.digest);
    const start = Number(from);
    return {
      digest: described.digest,
      total: packages.length,
      items: packages.slice(start, start + SIZE),
      next: start + SIZE < packages.length ? String(start + SIZE) : null,
    };
  },
});

function noList(digest: string): Error {
  return upstream("not_found", `${digest} has no list of its contents; build it with --sbom=true`);
}
