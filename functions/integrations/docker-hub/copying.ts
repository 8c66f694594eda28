import { upstream } from "./client.ts";
import type { Manifest } from "./manifest.ts";
import { findManifest, mountBlob, readManifest, type Registry, writeManifest } from "./registry.ts";
import { signatureTag } from "./signatures.ts";

/** From which repository to which. */
export type Route = { readonly from: string; readonly to: string };

/** What was copied; a repeat counts it again. */
export type Copied = { readonly manifests: number; readonly blobs: number };

/** An index with more is none of an image. */
const MAX_MANIFESTS = 100;

/**
 * Copies an image, and with an index all its platforms and what is attached to them, byte for byte: what a manifest names
 * goes before it, so that the tag appears when everything is there, and a repeat goes on after a failure.
 */
export async function copyTree(
  registry: Registry,
  route: Route,
  manifest: Manifest,
  reference: string,
): Promise<Copied> {
  const done = new Set<string>();
  const blobs = new Set<string>();
  const copy = async (one: Manifest, name: string): Promise<void> => {
    if (route.from !== route.to) await copyParts(one);
    await writeManifest(registry, route.to, name, one);
    done.add(one.digest);
  };
  const copyParts = async ({ document }: Manifest): Promise<void> => {
    for (const child of document.manifests ?? []) {
      if (done.has(child.digest)) continue;
      if (done.size >= MAX_MANIFESTS) throw tooMany();
      await copy(await readManifest(registry, route.from, child.digest), child.digest);
    }
    if (document.config === undefined) return;
    for (const blob of [document.config, ...document.layers]) {
      if (blobs.has(blob.digest) || (blob.urls ?? []).length > 0) continue;
      await mountBlob(registry, route.to, blob, route.from);
      blobs.add(blob.digest);
    }
  };
  await copy(manifest, reference);
  return { manifests: done.size, blobs: blobs.size };
}

/** Copies the signatures of an image, if it has any; they are about its digest, wherever it is. */
export async function copySignatures(
  registry: Registry,
  route: Route,
  digest: string,
): Promise<boolean> {
  if (route.from === route.to) return false;
  const signatures = await findManifest(registry, route.from, signatureTag(digest));
  if (signatures === undefined) return false;
  await copyTree(registry, route, signatures, signatureTag(digest));
  return true;
}

function tooMany(): Error {
  return upstream(
    "too_large",
    `the index has more than ${MAX_MANIFESTS} manifests; copy them singly`,
  );
}
