import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Deleted, digest, repository } from "../client.ts";
import { loadImages } from "../load-images.ts";

export const deleteImage = defineAction({
  summary: "Delete an image by its digest; it is refused while a tag or an index names it",
  docs: "https://docs.docker.com/reference/api/registry/latest/operations/DeleteImageManifest/",
  scopes: ["repo:admin"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object({ repository, digest }),
  output: Deleted,
  async run(api, input) {
    const { deleteManifest, openRegistry } = await loadImages();
    const registry = await openRegistry(api, { [input.repository]: ["pull", "push", "delete"] });
    return { deleted: await deleteManifest(registry, input.repository, input.digest) };
  },
});
