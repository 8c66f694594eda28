import { Fault } from "#shared/errors";
import { defineAction } from "#shared/integration";
import * as z from "zod";
import { reference, repository, tag, upstream } from "../client.ts";
import { type Descriptor, digestOf, type Manifest, parse, platformName } from "../manifest.ts";
import { loadImages } from "../load-images.ts";
import type { Registry } from "../registry.ts";

const INDEX = "application/vnd.oci.image.index.v1+json";
const Config = z.object({
  os: z.string().min(1),
  architecture: z.string().min(1),
  variant: z.string().optional(),
});

export const createIndex = defineAction({
  summary: "Put images of several platforms, which the repository has, together under one tag",
  docs: "https://docs.docker.com/reference/api/registry/latest/operations/PutImageManifest/",
  scopes: ["repo:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same images make the same index under the same tag" },
  input: z.object({ repository, tag, images: z.array(reference).min(1).max(20) }),
  output: z.object({ digest: z.string(), platforms: z.array(z.string()) }),
  async run(api, input) {
    const { openRegistry, readManifest, writeManifest } = await loadImages();
    const registry = await openRegistry(api, { [input.repository]: ["pull", "push"] });
    const manifests: Descriptor[] = [];
    for (const name of input.images) {
      const manifest = await readManifest(registry, input.repository, name);
      manifests.push(await describe(registry, input.repository, manifest));
    }
    const platforms = manifests.map((one) => platformName(one) ?? "");
    if (new Set(platforms).size !== platforms.length) throw repeated(platforms);
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
    const digest = digestOf(bytes);
    await writeManifest(registry, input.repository, input.tag, { bytes, digest, mediaType: INDEX });
    return { digest, platforms };
  },
});

/** The image's own configuration says for which platform it is. */
async function describe(
  registry: Registry,
  repositoryName: string,
  { digest, mediaType, bytes, document }: Manifest,
): Promise<Descriptor> {
  const { readBlob } = await loadImages();
  if (document.config === undefined) throw notSingle(digest);
  const content = await readBlob(registry, repositoryName, document.config);
  const platform = Config.safeParse(parse(content)).data;
  if (platform === undefined) throw upstream("internal", `${digest} does not say its platform`);
  return { mediaType, digest, size: bytes.length, platform };
}

function notSingle(digest: string): Fault {
  return refuse(`${digest} is an index; name its images`);
}

function repeated(platforms: readonly string[]): Fault {
  return refuse(`two images are for one platform (${platforms.join(", ")}); leave one out`);
}

function refuse(what: string): Fault {
  return new Fault("invalid_argument", `docker-hub.create-index: ${what}`, {
    origin: "caller",
    details: { field: "images" },
  });
}
