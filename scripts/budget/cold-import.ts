import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const RUNS = 5;

/**
 * How long modules take to load in an empty process with this environment: a median, of the machine that measures.
 * Throws where they cannot be loaded.
 */
export function coldImportMs(
  files: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): number {
  // What is loaded may write lines of its own, and keep the process.
  const program = `const before = performance.now();
for (const file of ${JSON.stringify(files)}) await import(file);
process.stdout.write("\\n" + (performance.now() - before), () => process.exit());`;
  const script = join(mkdtempSync(join(tmpdir(), "auterity-import-")), "import.mjs");
  writeFileSync(script, program);
  const env = { PATH: process.env["PATH"], ...environment };
  const times = Array.from({ length: RUNS }, () => {
    const written = execFileSync(process.execPath, [script], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number(written.split("\n").at(-1));
  });
  rmSync(join(script, ".."), { recursive: true });
  return Math.round(times.toSorted((a, b) => a - b)[RUNS >> 1] ?? 0);
}
