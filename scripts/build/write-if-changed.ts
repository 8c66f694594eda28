import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file whole or not at all, and leaves it alone when it already has this content. A product that runs, or a
 * second build beside this one, never sees half a file.
 */
export function writeIfChanged(path: string, content: Uint8Array | string): void {
  const bytes = Buffer.from(content);
  if (currentContent(path)?.equals(bytes) === true) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
}

function currentContent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
