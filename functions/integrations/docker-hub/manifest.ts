import { createHash } from "node:crypto";
import * as z from "zod";
import { digest, upstream } from "./client.ts";

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
const Descriptor = z.object({
  mediaType: z.string(),
  digest,
  size: z.int().nonnegative(),
  platform: z
    .object({ os: z.string(), architecture: z.string(), variant: z.string().optional() })
    .optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  artifactType: z.string().optional(),
  /** Content that is elsewhere: the registry does not have it. */
  urls: z.array(z.string()).optional(),
});
export type Descriptor = z.infer<typeof Descriptor>;

const head = { mediaType: z.string().optional(), artifactType: z.string().optional() };
const absent = z.undefined().optional();

/** A document of both kinds could be read in two ways: https://github.com/advisories/GHSA-77vh-xpmg-72qh */
const Document = z.union([
  z.object({ ...head, manifests: z.array(Descriptor).max(500), config: absent, layers: absent }),
  z.object({
    ...head,
    config: Descriptor,
    layers: z.array(Descriptor).max(500),
    manifests: absent,
  }),
]);

/** A manifest as the registry has it, byte for byte. */
export type Manifest = {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly document: z.infer<typeof Document>;
};

/**
 * Reads a manifest. Throws `internal` from `upstream` for bytes of another digest than was `expected`, and for a document
 * that is not what its type says.
 */
export function readManifestBytes(
  bytes: Uint8Array,
  type: string | undefined,
  expected: string | undefined,
): Manifest {
  const own = digestOf(bytes);
  if (expected !== undefined && expected !== own) throw altered();
  const parsed = Document.safeParse(parse(bytes));
  const mediaType = parsed.data?.mediaType ?? type;
  if (!parsed.success || mediaType === undefined || (type ?? mediaType) !== mediaType) {
    throw upstream("internal", "the manifest is no image and no index; push it anew");
  }
  return { digest: own, mediaType, bytes, document: parsed.data };
}

/** The digest of content. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** The fault for content that is not what its digest says. */
export function altered(): Error {
  return upstream("internal", "the content does not have its digest; do not use it");
}

/** JSON of a vendor; `undefined` for what is none, which no schema takes. */
export function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** The images of an index by platform: what is attached to them has none. */
export function platformsOf({ document }: Manifest): readonly Descriptor[] {
  return (document.manifests ?? []).filter((one) => attachedTo(one) === undefined);
}

/** `os/architecture`, and the variant where there is one. */
export function platformName({ platform }: Descriptor): string | null {
  if (platform === undefined) return null;
  return [platform.os, platform.architecture, platform.variant].filter(Boolean).join("/");
}

/** The image that an entry of an index is about: https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
export function attachedTo({ annotations }: Descriptor): string | undefined {
  return annotations?.["vnd.docker.reference.type"] === "attestation-manifest"
    ? annotations["vnd.docker.reference.digest"]
    : undefined;
}
