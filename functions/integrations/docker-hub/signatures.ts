import * as z from "zod";
import { type Manifest, parse, platformsOf } from "./manifest.ts";
import { findManifest, hexOf, readBlob, readManifest, type Registry } from "./registry.ts";
import {
  checkSignature,
  judge,
  type Policy,
  readKeys,
  type Signature,
  type Verdict,
} from "./trust.ts";

const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
const SIGNATURE = "dev.cosignproject.cosign/signature";
/** A payload has some hundred bytes. */
const MAX_PAYLOAD_BYTES = 65_536;

/** Where cosign puts signatures: https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery */
export function signatureTag(digest: string): string {
  return `sha256-${hexOf(digest)}.sig`;
}

/** Verifies the signatures of an image, and asks a policy about it. */
export async function assess(
  registry: Registry,
  repository: string,
  manifest: Manifest,
  policy: Policy,
): Promise<Verdict> {
  const { digest } = manifest;
  const signatures = await readSignatures(registry, repository, digest, policy);
  const createdAtMs =
    policy.maxAgeDays === undefined ? undefined : await oldest(registry, repository, manifest);
  const nowMs = registry.api.now();
  const reasons = judge(policy, { repository, signatures, createdAtMs, nowMs });
  const createdAt = createdAtMs === undefined ? null : new Date(createdAtMs).toISOString();
  return {
    digest,
    trusted: reasons.length === 0,
    reasons: [...reasons],
    signatures: [...signatures],
    createdAt,
  };
}

async function readSignatures(
  registry: Registry,
  repository: string,
  digest: string,
  policy: Policy,
): Promise<readonly Signature[]> {
  const keys = readKeys(policy);
  const manifest = await findManifest(registry, repository, signatureTag(digest));
  const signatures: Signature[] = [];
  for (const layer of manifest?.document.layers ?? []) {
    const signature = layer.annotations?.[SIGNATURE];
    const usable = layer.mediaType === SIMPLE_SIGNING && layer.size <= MAX_PAYLOAD_BYTES;
    if (signature === undefined || !usable) {
      signatures.push({ key: null, signedAs: null, problem: "malformed" });
      continue;
    }
    const payload = await readBlob(registry, repository, layer);
    signatures.push(checkSignature(keys, digest, payload, signature));
  }
  return signatures;
}

const Config = z.object({ created: z.string() });

/** When the oldest platform was built, as its configuration says, which the signed digest covers. */
async function oldest(
  registry: Registry,
  repository: string,
  manifest: Manifest,
): Promise<number | undefined> {
  const images = [manifest];
  for (const { digest } of platformsOf(manifest)) {
    images.push(await readManifest(registry, repository, digest));
  }
  const times: number[] = [];
  for (const { document } of images) {
    if (document.config === undefined) continue;
    const config = Config.safeParse(parse(await readBlob(registry, repository, document.config)));
    times.push(Date.parse(config.data?.created ?? ""));
  }
  const time = Math.min(...times);
  return Number.isFinite(time) ? time : undefined;
}
