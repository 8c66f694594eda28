import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** Builds the console page into `out`: one script, one style sheet, one document. */
export async function buildConsole(root: string, out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
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
    copyFileSync(join(root, "console", file), join(out, file));
  }
}
