import type { File, FileMetadata } from "@google-cloud/storage";
import type { BlobInfo, BlobRange } from "#shared/blob";
import { Replaced, statusOf } from "./storage-error.ts";

/** What is there now; `undefined` when nothing is. */
export async function lookAt(file: File): Promise<BlobInfo | undefined> {
  try {
    const [metadata] = await file.getMetadata();
    return infoOf(metadata);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The content of exactly that generation. Throws {@link Replaced} when another has taken its place. */
export async function readAt(
  { bucket, name }: File,
  { etag, sizeBytes }: BlobInfo,
  range: BlobRange | undefined,
): Promise<Uint8Array> {
  if (sizeBytes === 0) return new Uint8Array();
  const { offset: start, lengthBytes } = range ?? { offset: undefined, lengthBytes: undefined };
  const end = lengthBytes === undefined ? undefined : (start ?? 0) + lengthBytes - 1;
  const part = { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
  try {
    const file = bucket.file(name, { generation: etag });
    const [body] = await file.download({ ...part, validation: false, decompress: false });
    return body;
  } catch (error) {
    if (statusOf(error) === 404) throw new Replaced("the object was replaced", { cause: error });
    throw error;
  }
}

/** What Cloud Storage tells about an object, in our words. */
export function infoOf({
  generation = "",
  size = 0,
  contentType = "",
  metadata,
}: FileMetadata): BlobInfo {
  const own = Object.entries(metadata ?? {}).map(([name, value]) => [name, String(value)] as const);
  const sizeBytes = Number(size);
  return { etag: String(generation), sizeBytes, contentType, metadata: Object.fromEntries(own) };
}
