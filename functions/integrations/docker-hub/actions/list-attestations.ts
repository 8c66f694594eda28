import { defineAction } from "#shared/integration";
import * as z from "zod";
import { image, platform } from "../client.ts";
import { loadImages } from "../load-images.ts";

export const listAttestations = defineAction({
  summary:
    "List what is attached to an image: lists of contents, provenance, scans, exploitability",
  docs: "https://docs.docker.com/build/metadata/attestations/attestation-storage/",
  scopes: ["repo:read"],
  effect: "read",
  input: z.object({ ...image, platform }),
  output: z.object({
    /** Of the platform's image. */
    digest: z.string(),
    items: z.array(
      z.object({
        predicateType: z.string(),
        digest: z.string(),
        sizeBytes: z.int(),
        /** Part of the index, and so of what is signed with it. */
        inIndex: z.boolean(),
      }),
    ),
  }),
  async run(api, { repository, reference, platform: wanted }) {
    const { openRegistry, readAttached, readManifest } = await loadImages();
    const registry = await openRegistry(api, { [repository]: ["pull"] });
    const manifest = await readManifest(registry, repository, reference);
    const { digest, attached } = await readAttached(registry, repository, manifest, wanted);
    const items = attached.map(({ predicateType, inIndex, layer }) => ({
      predicateType,
      digest: layer.digest,
      sizeBytes: layer.size,
      inIndex,
    }));
    return { digest, items };
  },
});
