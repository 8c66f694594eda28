import { defineAction } from "#shared/integration";
import * as z from "zod";
import { image, repository, tag } from "../client.ts";
import { loadImages } from "../load-images.ts";

export const copyImage = defineAction({
  summary:
    "Copy an image with all its platforms, attestations and signatures to another repository",
  docs: "https://docs.docker.com/reference/api/registry/latest/operations/InitiateBlobUpload/",
  scopes: ["repo:write"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "content is named by its digest, and the tag is put to the same digest again",
  },
  input: z.object({
    from: z.object(image),
    to: z.object({ repository, tag }),
    signatures: z.boolean().default(true),
  }),
  output: z.object({
    digest: z.string(),
    manifests: z.int(),
    blobs: z.int(),
    /** Whether there were signatures, and they went along. */
    signatures: z.boolean(),
  }),
  async run(api, { from, to, signatures }) {
    const { accessFor, copyTree, copySignatures, openRegistry, readManifest } = await loadImages();
    const route = { from: from.repository, to: to.repository };
    const registry = await openRegistry(api, accessFor(route));
    const manifest = await readManifest(registry, route.from, from.reference);
    const { digest } = manifest;
    const signed = signatures && (await copySignatures(registry, route, digest));
    const copied = await copyTree(registry, route, manifest, to.tag);
    return { digest, ...copied, signatures: signed };
  },
});
