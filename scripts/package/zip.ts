import { type Unzipped, unzipSync, type Zippable, zipSync } from "fflate";

/**
 * The first moment a zip can name. Zips hold local time, so it is made of local fields: the bytes are the same in every
 * time zone.
 */
const MTIME = new Date(1980, 0, 1);
/** Unix, and `-rw-r--r--`: what unpacks it may run as somebody else. */
const UNIX = 3;
const ATTRIBUTES = 0o100644 << 16;

/** A zip of these files, byte for byte the same for the same content. */
export function zipFiles(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  for (const [path, content] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    entries[path] = content;
  }
  return zipSync(entries, { level: 9, mtime: MTIME, os: UNIX, attrs: ATTRIBUTES });
}

/** The files of a zip. */
export function unzipFiles(zip: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const files: Unzipped = unzipSync(zip);
  return new Map(Object.entries(files));
}
