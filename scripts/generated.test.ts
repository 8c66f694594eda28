import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { type Build, buildAll } from "./build/build.ts";
import { renderDocs } from "./build/docs.ts";
import { GROWTH, readBudget } from "./budget/budget.ts";
import { type DriverSize, driverSizes } from "./budget/drivers.ts";
import { eagerSdks, foreignInputs, functionSizes, limits } from "./budget/functions.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
let build: Build;
beforeAll(async () => {
  build = await buildAll(root);
}, 120_000);

type Sizes = Readonly<Record<string, number>>;

function grown(sizes: Sizes, budget: Sizes): string[] {
  return Object.keys(sizes).filter((name) => (sizes[name] ?? 0) > (budget[name] ?? 0) * GROWTH);
}

function limitOf(name: string): number {
  if (name === "azure/(app start)") {
    return limits.functionBytes + limits.registrationBytes * build.registry.deployables.length;
  }
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
    const { functions } = readBudget(root);
    const sizes = functionSizes(build.metafiles);
    expect(Object.keys(sizes)).toEqual(Object.keys(functions));
    expect(grown(sizes, functions)).toEqual([]);
  });

  it("adds no more by a driver than the budget says", async () => {
    const { drivers } = readBudget(root);
    const sizes = await driverSizes(root);
    expect(Object.keys(sizes)).toEqual(Object.keys(drivers));
    for (const part of ["startBytes", "firstUseBytes"] as const) {
      const pick = (all: Readonly<Record<string, DriverSize>>): Record<string, number> =>
        Object.fromEntries(Object.entries(all).map(([name, size]) => [name, size[part]]));
      expect(grown(pick(sizes), pick(drivers)), part).toEqual([]);
    }
  });

  it("keeps every function and integration small enough to start cold", () => {
    const sizes = Object.entries(functionSizes(build.metafiles));
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

  it("load no service's SDK before its first use, also with the cloud's own drivers", async () => {
    const { metafiles } = await buildAll(root, "emulators");
    expect(eagerSdks(metafiles)).toEqual([]);
    const lazy = Object.values(metafiles).flatMap((files) => files.map(({ inputs }) => inputs));
    // They are there: a check that looks for the wrong names would find nothing either.
    for (const sdk of ["@aws-sdk/client-dynamodb/", "@azure/cosmos/", "@google-cloud/pubsub/"]) {
      const isThere = lazy.some((inputs) => Object.keys(inputs).some((path) => path.includes(sdk)));
      expect(isThere, sdk).toBe(true);
    }
  });

  it("would be caught holding one", () => {
    const planted: Metafile = {
      inputs: { "node_modules/@azure/functions/index.js": { bytes: 1, imports: [] } },
      outputs: {},
    };
    expect(foreignInputs({ ...build.metafiles, aws: [planted] })).toHaveLength(1);
  });
});
