import { defineAction } from "#shared/integration";
import * as z from "zod";
import { image, tag } from "../client.ts";
import { loadImages } from "../load-images.ts";

export const retagImage = defineAction({
  summary: "Give an image another tag in its repository, or move a tag to it",
  docs: "https://docs.docker.com/reference/api/registry/latest/operations/PutImageManifest/",
  scopes: ["repo:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the tag is put to the same digest again" },
  input: z.object({ ...image, tag }),
  output: z.object({ digest: z.string() }),
  async run(api, input) {
    const { openRegistry, readManifest, writeManifest } = await loadImages();
    const registry = await openRegistry(api, { [input.repository]: ["pull", "push"] });
    const manifest = await readManifest(registry, input.repository, input.reference);
    await writeManifest(registry, input.repository, input.tag, manifest);
    return { digest: manifest.digest };
  },
});
