import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { writeIfChanged } from "./write-if-changed.ts";

/** Builds the console page into `out`: one script, one style sheet, one document. */
export async function buildConsole(root: string, out: string): Promise<void> {
  await build({
    entryPoints: [join(root, "console/console.ts")],
    outfile: join(out, "console.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    logLevel: "error",
  });
  for (const file of ["index.html", "console.css"]) {
    writeIfChanged(join(out, file), readFileSync(join(root, "console", file)));
  }
}
