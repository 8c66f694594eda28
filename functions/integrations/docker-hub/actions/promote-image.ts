import { Fault } from "#shared/errors";
import { defineAction } from "#shared/integration";
import * as z from "zod";
import { image, repository, tag } from "../client.ts";
import { policy, Verdict } from "../trust.ts";
import { loadImages } from "../load-images.ts";

export const promoteImage = defineAction({
  summary: "Copy an image to where it is deployed from, only if a trust policy allows it",
  docs: "https://docs.sigstore.dev/cosign/verifying/verify/",
  scopes: ["repo:write"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "content is named by its digest, and the tag is put to the same digest again",
  },
  input: z.object({ from: z.object(image), to: z.object({ repository, tag }), policy }),
  output: Verdict.extend({ manifests: z.int(), blobs: z.int() }),
  async run(api, { from, to, policy: given }) {
    const { accessFor, assess, copyTree, copySignatures, openRegistry, readManifest } =
      await loadImages();
    const route = { from: from.repository, to: to.repository };
    const registry = await openRegistry(api, accessFor(route));
    const manifest = await readManifest(registry, route.from, from.reference);
    const verdict = await assess(registry, route.from, manifest, given);
    if (!verdict.trusted) throw denied(verdict);
    await copySignatures(registry, route, manifest.digest);
    return { ...verdict, ...(await copyTree(registry, route, manifest, to.tag)) };
  },
});

function denied({ digest, reasons }: Verdict): Fault {
  const why = reasons.join(", ");
  return new Fault(
    "failed_precondition",
    `docker-hub.promote-image: the policy denies ${digest} (${why}); nothing was copied`,
    { origin: "caller", details: { reasons: why } },
  );
}
