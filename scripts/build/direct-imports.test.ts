import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadedFiles, sourcesOf } from "../budget/loaded-files.ts";
import { directImports, readOrigins } from "./direct-imports.ts";

const files = {
  "package.json":
    '{ "type": "module", "sideEffects": false, "imports": { "#shared/*": "./shared/*/index.ts" } }',
  "shared/area/index.ts":
    'export type { T } from "./light.ts";\nexport { light, type T as U, second as other } from "./light.ts";\nexport { heavy } from "./heavy.ts";\nexport const own = 1;\n',
  "shared/area/light.ts":
    'export type T = 1;\nexport const light = "light";\nexport const second = "second";\n',
  "shared/area/heavy.ts": 'export const heavy = "heavy";\n',
  "entry.ts":
    'import {\n  light,\n  other as renamed,\n  type U,\n} from "#shared/area";\nexport const lazy = () => import("./lazy.ts");\nexport const used: U | string = light + renamed;\n',
  "lazy.ts": 'import { heavy } from "#shared/area";\nexport const late = heavy;\n',
  "own.ts": 'import { light, own } from "#shared/area";\nexport const both = light + own;\n',
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "direct-imports-"));
  mkdirSync(join(root, "shared/area"), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The sources that an entry loads before anything is used, and its text. */
async function startOf(entry: string, plugins: readonly Plugin[]) {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(root, entry)],
    outdir: join(root, "out"),
    absWorkingDir: root,
    ...{
      bundle: true,
      splitting: true,
      format: "esm",
      metafile: true,
      write: false,
    },
    plugins: [...plugins],
  });
  const name = entry.replace(".ts", ".js");
  const sources = sourcesOf(metafile.outputs, loadedFiles(metafile.outputs, `out/${name}`));
  const text = outputFiles.find(({ path }) => path.endsWith(name))?.text ?? "";
  return { sources: [...sources], text };
}

it("keeps what only a lazy chunk needs out of the start, which an index alone does not", async () => {
  const direct = await startOf("entry.ts", [directImports(root)]);
  expect(direct.sources.filter((one) => one.includes("shared/"))).toEqual(["shared/area/light.ts"]);
  const { sources } = await startOf("entry.ts", []);
  expect(sources).toContain("shared/area/heavy.ts");
});

it("leaves names that an index declares itself to the index", async () => {
  const { text } = await startOf("own.ts", [directImports(root)]);
  expect(text).toContain("own = 1");
});

it("knows every name by its file, and no types", () => {
  const origins = readOrigins(join(root, "shared/area"));
  expect(
    [...origins].map(([alias, { file, name }]) => [alias, name, file.slice(root.length)]),
  ).toEqual([
    ["light", "light", "/shared/area/light.ts"],
    ["other", "second", "/shared/area/light.ts"],
    ["heavy", "heavy", "/shared/area/heavy.ts"],
  ]);
});
