import { defineAction } from "#shared/integration";
import * as z from "zod";
import { image } from "../client.ts";
import { attachedTo, type Descriptor, platformName, platformsOf } from "../manifest.ts";
import { loadImages } from "../load-images.ts";

const Part = z.object({ digest: z.string(), mediaType: z.string(), sizeBytes: z.int() });

export const getManifest = defineAction({
  summary: "Read the manifest of an image, or the index of one for several platforms",
  docs: "https://docs.docker.com/reference/api/registry/latest/operations/GetImageManifest/",
  scopes: ["repo:read"],
  effect: "read",
  input: z.object(image),
  output: z.object({
    digest: z.string(),
    mediaType: z.string(),
    kind: z.enum(["image", "index"]),
    platforms: z.array(Part.extend({ platform: z.string().nullable() })),
    /** What an index says about its images: lists of contents, provenance, scans. */
    attestations: z.array(z.object({ digest: z.string(), image: z.string() })),
    config: Part.nullable(),
    layers: z.array(Part),
  }),
  async run(api, { repository, reference }) {
    const { openRegistry, readManifest } = await loadImages();
    const registry = await openRegistry(api, { [repository]: ["pull"] });
    const manifest = await readManifest(registry, repository, reference);
    const { digest, mediaType, document } = manifest;
    const { manifests = [], config, layers = [] } = document;
    return {
      digest,
      mediaType,
      kind: document.manifests === undefined ? ("image" as const) : ("index" as const),
      platforms: platformsOf(manifest).map((one) =>
        Object.assign(part(one), { platform: platformName(one) }),
      ),
      attestations: manifests.flatMap((one) => {
        const about = attachedTo(one);
        return about === undefined ? [] : [{ digest: one.digest, image: about }];
      }),
      config: config === undefined ? null : part(config),
      layers: layers.map(part),
    };
  },
});

function part({ digest, mediaType, size }: Descriptor): z.infer<typeof Part> {
  return { digest, mediaType, sizeBytes: size };
}
