import { join } from "node:path";
import type { Metafile } from "esbuild";
import { bundle, type Cloud } from "../../esbuild.config.ts";
import { buildConsole } from "./console.ts";
import { type Engines, entryFolder, writeEntries } from "./entries.ts";
import { type Manifest, renderManifest } from "./manifest.ts";
import { readRegistry, type Registry } from "./registry.ts";
import { writeIfChanged } from "./write-if-changed.ts";

/** What a build made: the registry it came from, and esbuild's account of every bundle by cloud and entry. */
export type Build = {
  readonly registry: Registry;
  readonly manifest: Manifest;
  readonly metafiles: Readonly<Record<Cloud, readonly Metafile[]>>;
};

/** Absolute path of a cloud's bundles. */
export function bundleFolder(root: string, cloud: string, engines: Engines): string {
  return join(root, ".build", engines === "embedded" ? "bundles" : `bundles-${engines}`, cloud);
}

/**
 * Builds everything below `root` into `root/.build`: entries, bundles, metafiles and the manifest. Which engines
 * functions work on locally is part of their bundles.
 */
export async function buildAll(root: string, engines: Engines = "embedded"): Promise<Build> {
  const registry = await readRegistry(root);
  const out = join(root, ".build");
  const entries = join(out, "entries");
  writeEntries(entries, registry.deployables, engines);
  const names = (cloud: Cloud): string[] =>
    registry.deployables
      .filter(({ definition }) => definition.targets.includes(cloud))
      .map(({ name }) => name);
  const bundleEach = (cloud: "aws" | "gcp"): Promise<Metafile[]> => {
    const folder = join(entries, entryFolder(cloud, engines));
    const target = bundleFolder(root, cloud, engines);
    return engines === "embedded"
      ? bundleApart(cloud, names(cloud), folder, target)
      : bundleTogether(cloud, names(cloud), folder, target);
  };
  const [aws, azure, gcp] = await Promise.all([
    bundleEach("aws"),
    bundle(
      "azure",
      [{ in: join(entries, entryFolder("azure", engines), "main.ts"), out: "main" }],
      bundleFolder(root, "azure", engines),
    ),
    bundleEach("gcp"),
  ]);
  const metafiles = { aws, azure: [azure], gcp };
  const manifest = renderManifest(registry);
  writeIfChanged(join(out, "manifest.json"), JSON.stringify(manifest));
  await buildConsole(root, join(out, "console"));
  return { registry, manifest, metafiles };
}

/** One folder a function, as it is deployed: its bundle shares no chunk with a neighbour. */
function bundleApart(
  cloud: Cloud,
  names: readonly string[],
  entries: string,
  target: string,
): Promise<Metafile[]> {
  return Promise.all(
    names.map((name) =>
      bundle(cloud, [{ in: join(entries, `${name}.ts`), out: name }], join(target, name)),
    ),
  );
}

/** The same files in the same places, but SDKs are shared: bundling them once for each function takes far longer. */
async function bundleTogether(
  cloud: Cloud,
  names: readonly string[],
  entries: string,
  target: string,
): Promise<Metafile[]> {
  const files = names.map((name) => ({ in: join(entries, `${name}.ts`), out: `${name}/${name}` }));
  return [await bundle(cloud, files, target)];
}
