import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Source } from "#shared/contracts";
import * as z from "zod";
import type { DescribedSource } from "./distil.ts";
import { readDescription } from "./read-description.ts";

/** `INDEX.json` beside a collection of descriptions: where each came from, and under which licence. */
const Index = z.object({
  specs: z.array(
    z.object({
      file: z.string(),
      source_repo: z.string(),
      commit: z.string().nullable(),
      path: z.string().nullable(),
      license: z.string(),
    }),
  ),
});

/**
 * Reads a description that an `INDEX.json` above it tells the source and licence of. Throws for one that none does: what
 * is committed has to say where it came from.
 */
export function readSource(file: string): DescribedSource {
  const path = resolve(file);
  const folder = indexFolder(dirname(path));
  const name = folder === undefined ? file : relative(folder, path);
  const entry =
    folder === undefined
      ? undefined
      : Index.parse(JSON.parse(readFileSync(join(folder, "INDEX.json"), "utf8"))).specs.find(
          (one) => one.file === name,
        );
  if (entry === undefined) {
    throw new Error(
      `${file}: no INDEX.json above it tells its source; add { file, source_repo, commit, path, license } there`,
    );
  }
  const description = readDescription(path);
  const source: Source = {
    format: description.format,
    from: entry.source_repo,
    ...(entry.path === null ? {} : { path: entry.path }),
    ...(entry.commit === null ? {} : { version: entry.commit }),
    license: entry.license,
  };
  return { file: name, source, description };
}

function indexFolder(folder: string): string | undefined {
  if (existsSync(join(folder, "INDEX.json"))) return folder;
  return dirname(folder) === folder ? undefined : indexFolder(dirname(folder));
}
