/** A file of a package. */
export type PackedFile = {
  readonly path: string;
  readonly text: string;
  /** Such as the `bootstrap` of a custom runtime. */
  readonly executable?: boolean | undefined;
};

/** 1980-01-01, the first day that a zip can name: equal files make equal bytes. */
const DATE = 0x21;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const VERSION = 20;
/** Made on Unix, so that modes count. */
const MADE_BY = 0x0300 | VERSION;

/**
 * A zip of text files, as they are: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT. What is small enough to be
 * given inline gains nothing by being compressed.
 */
export function zip(files: readonly PackedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, text, executable = false } of files) {
    const [name, content] = [Buffer.from(path), Buffer.from(text)];
    const common = commonFields(name, content);
    const local = Buffer.concat([u32(0x04034b50), u16(VERSION), common, u16(0), name, content]);
    const mode = executable ? 0o100755 : 0o100644;
    const head = [u32(0x02014b50), u16(MADE_BY), u16(VERSION), common];
    // No extra fields, no comment, the first disk, no internal attributes.
    const tail = [u16(0), u16(0), u16(0), u16(0), u32(mode * 0x10000), u32(offset), name];
    directory.push(...head, ...tail);
    parts.push(local);
    offset += local.length;
  }
  const [listed, count] = [Buffer.concat(directory), u16(files.length)];
  const end = [u32(0x06054b50), u16(0), u16(0), count, count, u32(listed.length), u32(offset)];
  return Buffer.concat([...parts, listed, ...end, u16(0)]);
}

/** Flags, method, time, date, checksum, both sizes and the length of the name. */
function commonFields(name: Buffer, content: Buffer): Buffer {
  const size = u32(content.length);
  const [sum, length] = [u32(crc32(content)), u16(name.length)];
  return Buffer.concat([u16(FLAGS), u16(0), u16(0), u16(DATE), sum, size, size, length]);
}

/** https://www.rfc-editor.org/rfc/rfc1952#section-8; functions have no `node:zlib`. */
function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
