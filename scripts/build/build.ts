import { join } from "node:path";
import type { Metafile } from "esbuild";
import { bundle, type Cloud } from "../../esbuild.config.ts";
import { buildConsole } from "./console.ts";
import { writeEntries } from "./entries.ts";
import { type Manifest, renderManifest } from "./manifest.ts";
import { readRegistry, type Registry } from "./registry.ts";
import { writeIfChanged } from "./write-if-changed.ts";

/** What a build made: the registry it came from, and esbuild's account of every bundle by cloud and entry. */
export type Build = {
  readonly registry: Registry;
  readonly manifest: Manifest;
  readonly metafiles: Readonly<Record<Cloud, readonly Metafile[]>>;
};

/** Builds everything below `root` into `root/.build`: entries, bundles, metafiles and the manifest. */
export async function buildAll(root: string): Promise<Build> {
  const registry = await readRegistry(root);
  const out = join(root, ".build");
  const entries = join(out, "entries");
  writeEntries(entries, registry.deployables);
  const names = (cloud: Cloud): string[] =>
    registry.deployables
      .filter(({ definition }) => definition.targets.includes(cloud))
      .map(({ name }) => name);
  // One folder a function, as it is deployed: its bundle shares no chunk with a neighbour.
  const each = (cloud: "aws" | "gcp"): Promise<Metafile[]> =>
    Promise.all(
      names(cloud).map((name) =>
        bundle(cloud, [join(entries, cloud, `${name}.ts`)], join(out, "bundles", cloud, name)),
      ),
    );
  const [aws, azure, gcp] = await Promise.all([
    each("aws"),
    bundle("azure", [join(entries, "azure/main.ts")], join(out, "bundles/azure")),
    each("gcp"),
  ]);
  const metafiles = { aws, azure: [azure], gcp };
  writeIfChanged(join(out, "metafiles.json"), JSON.stringify(metafiles));
  const manifest = renderManifest(registry);
  writeIfChanged(join(out, "manifest.json"), JSON.stringify(manifest));
  await buildConsole(root, join(out, "console"));
  return { registry, manifest, metafiles };
}
