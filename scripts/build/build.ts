import { join } from "node:path";
import type { Metafile } from "esbuild";
import { bundle, type Cloud } from "../../esbuild.config.ts";
import { checkedRegistry } from "../lint/lint-project.ts";
import { renderClientTypes } from "./client-types.ts";
import { buildConsole } from "./console.ts";
import { entryFolder, writeEntries } from "./entries.ts";
import type { Engines } from "./entry-ports.ts";
import { type Manifest, renderManifest } from "./manifest.ts";
import type { Registry } from "./registry.ts";
import { writeIfChanged } from "./write-if-changed.ts";

/** esbuild's account of every bundle, by cloud. */
export type Metafiles = Readonly<Record<Cloud, readonly Metafile[]>>;

/** What a build made: the registry it came from, and esbuild's account of every bundle by cloud and entry. */
export type Build = {
  readonly registry: Registry;
  readonly manifest: Manifest;
  readonly metafiles: Metafiles;
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
  const registry = await checkedRegistry(root);
  const metafiles = await bundleAll(root, registry, engines);
  const manifest = renderManifest(registry);
  writeIfChanged(join(root, ".build/manifest.json"), JSON.stringify(manifest));
  writeIfChanged(join(root, ".build/client/actions.ts"), renderClientTypes(manifest.integrations));
  await buildConsole(root, join(root, ".build/console"));
  return { registry, manifest, metafiles };
}

/** Writes the entries of every function and bundles them, for some clouds or all. */
export async function bundleAll(
  root: string,
  { deployables }: Registry,
  engines: Engines,
  clouds: readonly Cloud[] = ["aws", "azure", "gcp"],
): Promise<Metafiles> {
  const entries = join(root, ".build/entries");
  writeEntries(entries, deployables, engines);
  const bundleCloud = async (cloud: Cloud): Promise<readonly Metafile[]> => {
    if (!clouds.includes(cloud)) return [];
    const names = deployables
      .filter(({ definition }) => definition.targets.includes(cloud))
      .map(({ name }) => name);
    const folder = join(entries, entryFolder(cloud, engines));
    const target = bundleFolder(root, cloud, engines);
    if (cloud === "azure") {
      const app = [{ in: join(folder, "main.ts"), out: "main" }];
      return [await bundle(cloud, app, target, engines === "cloud")];
    }
    return engines === "emulators"
      ? bundleTogether(cloud, names, folder, target)
      : bundleApart(cloud, names, folder, target, engines === "cloud");
  };
  const [aws, azure, gcp] = await Promise.all(
    (["aws", "azure", "gcp"] as const).map((cloud) => bundleCloud(cloud)),
  );
  return { aws: aws ?? [], azure: azure ?? [], gcp: gcp ?? [] };
}

/** One folder a function, as it is deployed: its bundle shares no chunk with a neighbour. */
function bundleApart(
  cloud: Cloud,
  names: readonly string[],
  entries: string,
  target: string,
  deployed: boolean,
): Promise<Metafile[]> {
  return Promise.all(
    names.map((name) => {
      const entry = { in: join(entries, `${name}.ts`), out: name };
      return bundle(cloud, [entry], join(target, name), deployed);
    }),
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
