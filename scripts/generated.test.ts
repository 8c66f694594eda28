import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { type Build, buildAll } from "./build/build.ts";
import { renderDocs } from "./build/docs.ts";
import { foreignInputs, GROWTH, limits, measure, readBudget } from "./budget.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
let build: Build;
beforeAll(async () => {
  build = await buildAll(root);
});

function limitOf(name: string): number {
  const own = name.includes("/integration-") ? limits.integrationBytes : limits.functionBytes;
  return own + (name.startsWith("aws/") ? limits.awsStackBytes : 0);
}

describe("what is generated", () => {
  it("is committed as it would be generated now; `npm run gen` renews it", () => {
    for (const [file, text] of renderDocs(build.registry)) {
      expect(readFileSync(join(root, "docs", file), "utf8"), file).toBe(text);
    }
  });

  it("stays within the committed budget; edit docs/budget.json on purpose to grow", () => {
    const budget = readBudget(root);
    const sizes = measure(build.metafiles);
    expect(Object.keys(sizes)).toEqual(Object.keys(budget));
    const grown = Object.entries(sizes).filter(
      ([name, bytes]) => bytes > (budget[name] ?? 0) * GROWTH,
    );
    expect(grown).toEqual([]);
  });

  it("keeps every function and integration small enough to start cold", () => {
    const sizes = Object.entries(measure(build.metafiles));
    expect(sizes.filter(([name, bytes]) => bytes > limitOf(name))).toEqual([]);
  });
});

describe("bundles", () => {
  it("hold the same handler source in all three clouds", () => {
    for (const { name } of build.registry.deployables) {
      const definition = `.build/entries/definitions/${name}.ts`;
      for (const files of Object.values(build.metafiles)) {
        const holders = files.filter(({ inputs }) => definition in inputs);
        expect(holders, name).toHaveLength(1);
      }
    }
  });

  it("hold no other cloud's SDK", () => {
    expect(foreignInputs(build.metafiles)).toEqual([]);
  });

  it("would be caught holding one", () => {
    const planted: Metafile = {
      inputs: { "node_modules/@azure/functions/index.js": { bytes: 1, imports: [] } },
      outputs: {},
    };
    expect(foreignInputs({ ...build.metafiles, aws: [planted] })).toHaveLength(1);
  });
});
