import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";
import { matricesOf, tally } from "./matrix.ts";
import { readCells } from "./read-cells.ts";
import { renderPage, renderText, summary } from "./render.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = join(root, "docs/conformance.md");

const HELP = `npm run conformance -- [options]

Runs every conformance suite on every driver, prints the matrix of drivers and rules with a count, and renders
docs/conformance.md. With CI=true a missing engine is a failure; TARGET=cloud runs the rules against the real services
that the settings of a deployment name (docs/guides/run-conformance.md).

      --from <file>  take the outcomes of a run that had CONFORMANCE_OUT=<file>, instead of running
      --check        do not write the page: fail when it is not what this run renders
  -h, --help         this text

Exit code 1 when a cell is red, no cell was recorded, or --check found a difference.
`;

const { values } = parseArgs({
  options: {
    from: { type: "string" },
    check: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) process.stdout.write(HELP);
else process.exitCode = await main(values.from, values.check === true);

async function main(from: string | undefined, check: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "auterity-conformance-"));
  try {
    const record = from ?? (await recordRun(join(folder, "cells.jsonl")));
    const matrices = matricesOf(existsSync(record) ? readCells(record) : []);
    const counts = tally(matrices);
    process.stdout.write(`${renderText(matrices)}\n`);
    const text = renderPage(matrices);
    const isStale = check && (!existsSync(page) || readFileSync(page, "utf8") !== text);
    if (isStale) process.stdout.write("docs/conformance.md differs; run npm run conformance\n");
    // The page tells of engines that anybody can run; a run on services is its runner's.
    const isPage = !check && process.env["TARGET"] !== "cloud";
    if (isPage && counts.cells > 0) writeFileSync(page, text);
    process.stdout.write(`${summary(counts)}\n`);
    return counts.red > 0 || counts.cells === 0 || isStale ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the test files that hold suites; their own result is in the cells. */
async function recordRun(file: string): Promise<string> {
  process.env["CONFORMANCE_OUT"] = file;
  const tests = globSync("{shared,adapters}/**/*.test.ts", { cwd: root }).filter((path) =>
    /\w+Conformance\(/.test(readFileSync(join(root, path), "utf8")),
  );
  // On the real services there are no other tests than these rules.
  const filter = process.env["TARGET"] === "cloud" ? [] : tests;
  const vitest = await startVitest("test", filter, { watch: false, root });
  await vitest.close();
  return file;
}
