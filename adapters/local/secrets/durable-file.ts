import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

const OWNER_ONLY = 0o600;

/** Replaces a file at once: whoever reads it, and whatever dies meanwhile, finds the old text or the new one. */
export function replaceFile(file: string, text: string): void {
  publish(file, text, (written) => renameSync(written, file));
}

/** Makes a file with its whole text, if nobody was faster. */
export function makeFile(file: string, text: string): void {
  publish(file, text, (written) => {
    try {
      linkSync(written, file);
    } catch (error) {
      if (!isTaken(error)) throw error;
    } finally {
      rmSync(written);
    }
  });
}

function publish(file: string, text: string, name: (written: string) => void): void {
  const written = `${file}.${randomUUID()}.new`;
  try {
    const descriptor = openSync(written, "wx", OWNER_ONLY);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    name(written);
  } catch (error) {
    rmSync(written, { force: true });
    throw error;
  }
  // The name, too, is on the disk only then: https://man7.org/linux/man-pages/man2/fsync.2.html
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, "code") === "EEXIST";
}
