import type { Metafile } from "esbuild";

type Outputs = Metafile["outputs"];
type Kind = Outputs[string]["imports"][number]["kind"];

/** Every file of a build that is loaded with `start`, itself included: by static imports, and by others as told. */
export function loadedFiles(
  outputs: Outputs,
  start: string,
  kinds: readonly Kind[] = ["import-statement"],
): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const { path: next, kind, external } of outputs[path]?.imports ?? []) {
      if (kinds.includes(kind) && external !== true) open.push(next);
    }
  }
  return seen;
}

/** Minified bytes of these files. */
export function bytesOf(outputs: Outputs, files: Iterable<string>): number {
  return [...files].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
}

/** Minified bytes that sources contributed to these files, without those that `ignore` matches. */
export function contributedBytes(
  outputs: Outputs,
  files: Iterable<string>,
  ignore: RegExp,
): number {
  return [...files]
    .flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}))
    .filter(([source]) => !ignore.test(source))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
}

/** The sources that these files were made of. */
export function sourcesOf(outputs: Outputs, files: Iterable<string>): string[] {
  return [...files].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
}
