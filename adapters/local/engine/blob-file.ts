import { open } from "node:fs/promises";
import type { BlobContent, BlobInfo, BlobRange } from "#shared/blob";
import * as z from "zod";

/** Longer than any header: a key of 1,000 characters, a content type of 200, and what we store beside it. */
const HEADER_BYTES = 8_192;
const NEWLINE = 0x0a;

const Header = z.object({
  bucket: z.string(),
  key: z.string(),
  etag: z.string(),
  contentType: z.string(),
  metadata: z.record(z.string(), z.string()),
});

/** What stands before the content: where the blob lies, and what the store tells about it. */
export type BlobHeader = z.infer<typeof Header>;

/** Writes header and content as one new file; resolves when its bytes have reached the disk. */
export async function writeBlobFile(
  path: string,
  header: BlobHeader,
  body: Uint8Array,
): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(header)}\n`);
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What a file holds. Throws for a file that is none of ours, or damaged. */
export async function readBlobHeader(path: string): Promise<BlobHeader & BlobInfo> {
  const file = await open(path);
  try {
    const { header, start } = await headerOf(file);
    return { ...header, sizeBytes: (await file.stat()).size - start };
  } finally {
    await file.close();
  }
}

/** The content, or a part of it, and what belongs to exactly that content: both are of one open file. */
export async function readBlobFile(
  path: string,
  range: BlobRange | undefined,
): Promise<BlobContent | "outside"> {
  const file = await open(path);
  try {
    const { header, start } = await headerOf(file);
    const sizeBytes = (await file.stat()).size - start;
    const { offset, lengthBytes = sizeBytes } = range ?? { offset: 0, lengthBytes: undefined };
    if (range !== undefined && offset >= sizeBytes) return "outside";
    const body = new Uint8Array(Math.min(lengthBytes, sizeBytes - offset));
    const { bytesRead } = await file.read(body, { position: start + offset });
    if (bytesRead !== body.byteLength) throw new Error("the file ended early");
    const { etag, contentType, metadata } = header;
    return { etag, sizeBytes, contentType, metadata, body };
  } finally {
    await file.close();
  }
}

async function headerOf(
  file: Awaited<ReturnType<typeof open>>,
): Promise<{ header: BlobHeader; start: number }> {
  const first = new Uint8Array(HEADER_BYTES);
  const { bytesRead } = await file.read(first, { position: 0 });
  const end = first.subarray(0, bytesRead).indexOf(NEWLINE);
  if (end === -1) throw new Error("the file has no header");
  const text = Buffer.from(first.subarray(0, end)).toString();
  return { header: Header.parse(JSON.parse(text)), start: end + 1 };
}
