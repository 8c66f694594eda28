import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import type { Build } from "./build/build.ts";

/** Minified bytes that a function loads at its start, by `<cloud>/<function>`. Lazy chunks are not in it. */
export type Budget = Readonly<Record<string, number>>;

/** How much a bundle may grow before the budget has to be edited on purpose. */
export const GROWTH = 1.05;

/**
 * The largest a bundle may be at its start. On AWS the prescribed middy and Powertools come on top, measured at
 * 41 KB for logger and metrics; the X-Ray SDK is a chunk of its own that only a traced function loads.
 */
export const limits = {
  functionBytes: 150_000,
  integrationBytes: 200_000,
  awsStackBytes: 42_000,
} as const;

/** Packages that belong to one cloud and must be in no other's bundle. */
export const foreign: Readonly<Record<string, RegExp>> = {
  aws: /node_modules\/(?:@azure|@google-cloud)\//,
  azure: /node_modules\/(?:@aws-|@middy|@google-cloud|aws-)/,
  gcp: /node_modules\/(?:@azure|@aws-|@middy|aws-)/,
};

/**
 * Sizes of what each entry loads statically. On Azure all functions start with the app, and each adds its own lazy
 * chunks when it is first called.
 */
export function measure(metafiles: Build["metafiles"]): Budget {
  const sizes: Record<string, number> = {};
  for (const [cloud, files] of Object.entries(metafiles)) {
    for (const { outputs } of files) {
      const app = cloud === "azure" ? loadedBy(outputs, appStart(outputs)) : new Set<string>();
      for (const [path, { entryPoint }] of Object.entries(outputs)) {
        if (entryPoint === undefined) continue;
        const name = entryPoint.replace(/^.*\//, "").replace(/\.ts$/, "");
        const isApp = path === appStart(outputs);
        const loaded = [...loadedBy(outputs, path)].filter((file) => isApp || !app.has(file));
        const bytes = loaded.reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
        sizes[`${cloud}/${isApp ? "(app start)" : name}`] = bytes;
      }
    }
  }
  return Object.fromEntries(Object.entries(sizes).toSorted(([a], [b]) => a.localeCompare(b, "en")));
}

/** Inputs that must not be in a cloud's bundles, as `<cloud>: <input>`. */
export function foreignInputs(metafiles: Build["metafiles"]): string[] {
  return Object.entries(metafiles).flatMap(([cloud, files]) =>
    files.flatMap(({ inputs }) =>
      Object.keys(inputs)
        .filter((input) => foreign[cloud]?.test(input) === true)
        .map((input) => `${cloud}: ${input}`),
    ),
  );
}

/** Writes `docs/budget.json`, the committed sizes. */
export function writeBudget(root: string, metafiles: Build["metafiles"]): void {
  const text = JSON.stringify(measure(metafiles), null, 2);
  writeFileSync(join(root, "docs/budget.json"), `${text}\n`);
}

/** The committed sizes. */
export function readBudget(root: string): Budget {
  const budget: Budget = JSON.parse(readFileSync(join(root, "docs/budget.json"), "utf8"));
  return budget;
}

function appStart(outputs: Metafile["outputs"]): string {
  return Object.keys(outputs).find((path) => path.endsWith("/azure/main.mjs")) ?? "";
}

/** Every file that is loaded with `start`, itself included. */
function loadedBy(outputs: Metafile["outputs"], start: string): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const { path: next, kind, external } of outputs[path]?.imports ?? []) {
      if (kind === "import-statement" && external !== true) open.push(next);
    }
  }
  return seen;
}
