import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../esbuild.config.ts";
import { bytesOf, loadedFiles, sourcesOf } from "./loaded-files.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const ids = readdirSync(join(root, "functions/integrations"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What one integration loads when it is imported: zod and the kit are 85 KB of it. */
const MOST = { bytes: 160_000, ownModules: 72 };

let folder: string;
beforeAll(() => {
  mkdirSync(join(root, ".build"), { recursive: true });
  folder = mkdtempSync(join(root, ".build/integration-budget-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function measure(imports: readonly string[]) {
  const name = imports.join("+").replaceAll(/[^\w+-]/g, "-");
  const entry = join(folder, `${name}.ts`);
  const lines = imports.map((one, index) => `export { default as i${index} } from "${one}";`);
  writeFileSync(entry, lines.join("\n"));
  const { outputs } = await bundle("aws", [{ in: entry, out: name }], join(folder, "out"));
  const file =
    Object.keys(outputs).find((one) => outputs[one]?.entryPoint?.endsWith(`${name}.ts`)) ?? "";
  const loaded = [...loadedFiles(outputs, file)];
  const sources = [...sourcesOf(outputs, loaded)];
  return {
    bytes: bytesOf(outputs, loaded),
    ownModules: sources.filter((one) => one.startsWith("functions/")).length,
    packages: [
      ...new Set(
        sources.flatMap((one) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(one)?.[1] ?? []),
      ),
    ],
  };
}

// Time and memory are measured by `npm run bench -- integrations`; what they come from is bounded here.
describe("importing an integration", () => {
  it.each(ids)("%s loads its own files, the kit and zod, and no SDK", async (id) => {
    const { bytes, ownModules, packages } = await measure([
      `../../functions/integrations/${id}/index.ts`,
    ]);
    expect(packages.filter((name) => name !== "zod")).toEqual([]);
    expect([id, bytes < MOST.bytes, bytes]).toEqual([id, true, bytes]);
    expect(ownModules).toBeLessThanOrEqual(MOST.ownModules);
  });

  it("would be caught with an SDK", async () => {
    const { packages, bytes } = await measure([
      "../../functions/integrations/slack/index.ts",
      "../../node_modules/@azure/cosmos/dist/esm/index.js",
    ]);
    expect(packages).toContain("@azure/cosmos");
    expect(bytes).toBeGreaterThan(MOST.bytes);
  });
});
