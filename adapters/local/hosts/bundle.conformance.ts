import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { functions } from "./fixtures/functions.ts";
import type { HostedFunction } from "./host.ts";

/** A real build of the functions in `fixtures/functions.ts`, in a folder of its own. */
export type TestBundle = {
  readonly functions: readonly HostedFunction[];
  readonly remove: () => void;
};

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Bundles an entry as a deployment does: one ESM file, the cloud's own packages left outside. Paths in the source
 * start at the repository's root.
 */
export async function bundleForTest(source: string): Promise<TestBundle> {
  const folder = mkdtempSync(join(tmpdir(), "auterity-host-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const bundle = join(folder, "main.mjs");
  await build({
    stdin: { contents: source, resolveDir: root, loader: "ts", sourcefile: "entry.ts" },
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    external: ["@azure/functions", "@azure/functions-core", "@google-cloud/functions-framework"],
    logLevel: "error",
  });
  return {
    functions: functions.map(({ name, trigger, limits }) => ({
      name,
      kind: trigger.kind,
      bundle,
      memoryMb: limits.memoryMb,
    })),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
