import { defineAction } from "#shared/integration";
import * as z from "zod";
import { image } from "../client.ts";
import { policy, Verdict } from "../trust.ts";
import { loadImages } from "../load-images.ts";

export const verifyImage = defineAction({
  summary: "Verify the signatures of an image with given keys, and hold it to a trust policy",
  docs: "https://docs.sigstore.dev/cosign/verifying/verify/",
  scopes: ["repo:read"],
  effect: "read",
  input: z.object({ ...image, policy }),
  output: Verdict,
  async run(api, { repository, reference, policy: given }) {
    const { assess, openRegistry, readManifest } = await loadImages();
    const registry = await openRegistry(api, { [repository]: ["pull"] });
    const manifest = await readManifest(registry, repository, reference);
    return assess(registry, repository, manifest, given);
  },
});
