import * as z from "zod";
import { upstream } from "./client.ts";
import {
  attachedTo,
  type Descriptor,
  type Manifest,
  parse,
  platformName,
  platformsOf,
} from "./manifest.ts";
import { findManifest, hexOf, readBlob, readManifest, type Registry } from "./registry.ts";

/** A statement about an image, where it is kept. */
export type Attached = {
  readonly predicateType: string;
  /** Part of the index, and so of what is signed with it. */
  readonly inIndex: boolean;
  readonly layer: Descriptor;
};

/** The image of a platform, and what is said about it. */
export type Described = { readonly digest: string; readonly attached: readonly Attached[] };

const IN_TOTO = "application/vnd.in-toto+json";
const DSSE = "application/vnd.dsse.envelope.v1+json";
const PREDICATE = "in-toto.io/predicate-type";

/**
 * Finds what is attached to an image: in its index (https://docs.docker.com/build/metadata/attestations/attestation-storage/),
 * and under the tag that stands for a referrers' list where a registry has none
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema), as Docker Hub.
 */
export async function readAttached(
  registry: Registry,
  repository: string,
  manifest: Manifest,
  wanted: string,
): Promise<Described> {
  const digest = imageOf(manifest, wanted);
  const inIndex = (manifest.document.manifests ?? []).filter((one) => attachedTo(one) === digest);
  const referrers = await findManifest(registry, repository, `sha256-${hexOf(digest)}`);
  const attached: Attached[] = [];
  for (const entry of [...inIndex, ...(referrers?.document.manifests ?? [])]) {
    const { document } = await readManifest(registry, repository, entry.digest);
    for (const layer of document.layers ?? []) {
      if (layer.mediaType !== IN_TOTO && layer.mediaType !== DSSE) continue;
      const predicateType = layer.annotations?.[PREDICATE] ?? entry.annotations?.[PREDICATE] ?? "";
      attached.push({ predicateType, inIndex: inIndex.includes(entry), layer });
    }
  }
  return { digest, attached };
}

function imageOf(manifest: Manifest, wanted: string): string {
  if (manifest.document.manifests === undefined) return manifest.digest;
  const images = platformsOf(manifest);
  const exact = images.find((one) => platformName(one) === wanted);
  const found = exact ?? images.find((one) => platformName(one)?.startsWith(`${wanted}/`) === true);
  if (found !== undefined) return found.digest;
  const known = images.map(platformName).join(", ");
  throw upstream("not_found", `the image has no ${wanted}, but ${known}; correct the platform`);
}

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
const Statement = z.object({
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })),
  predicateType: z.string(),
  predicate: z.unknown(),
});

/** https://github.com/secure-systems-lab/dsse/blob/master/envelope.md */
const Envelope = z.object({ payload: z.base64() });

/** Reads what a statement says; `undefined` for one about another image. */
export async function readPredicate(
  registry: Registry,
  repository: string,
  { digest }: Described,
  { layer }: Attached,
): Promise<{ readonly predicateType: string; readonly predicate: unknown } | undefined> {
  const content = parse(await readBlob(registry, repository, layer));
  const payload = layer.mediaType === DSSE ? Envelope.safeParse(content).data?.payload : undefined;
  const statement = Statement.safeParse(
    payload === undefined ? content : parse(Buffer.from(payload, "base64")),
  );
  if (!statement.success)
    throw upstream("internal", "an attestation is no statement; attach it anew");
  const about = statement.data.subject.some((one) => one.digest["sha256"] === hexOf(digest));
  return about ? statement.data : undefined;
}
