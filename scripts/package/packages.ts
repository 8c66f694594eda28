import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Metafile } from "esbuild";
import type { Cloud } from "../../esbuild.config.ts";
import { bundleAll, type Metafiles } from "../build/build.ts";
import { deployManifest } from "../build/deploy-manifest.ts";
import type { Registry } from "../build/registry.ts";
import { extraFiles } from "./extra-files.ts";
import { zipFiles } from "./zip.ts";

/** What is uploaded to a cloud: a function, or Azure's whole app. */
export type Package = {
  readonly cloud: Cloud;
  /** Of the function; `app` on Azure. */
  readonly name: string;
  /** Absolute path of the zip. */
  readonly path: string;
  readonly zipBytes: number;
  readonly unpackedBytes: number;
};

export type PackageOptions = {
  readonly root: string;
  /** Absolute folder that the packages are written below. */
  readonly folder: string;
  readonly registry: Registry;
  readonly clouds: readonly Cloud[];
  readonly stage: string;
};

/** Absolute path of a package. */
export function packagePath(folder: string, cloud: Cloud, name: string): string {
  return join(folder, cloud, `${name}.zip`);
}

/** Where deployments look for packages. */
export function packagesFolder(root: string): string {
  return join(root, ".build/packages");
}

/**
 * Bundles what is deployed and zips it: one package per function for AWS and Google, one for Azure's app. The same
 * sources make the same bytes.
 */
export async function makePackages(options: PackageOptions): Promise<{
  readonly packages: readonly Package[];
  readonly metafiles: Metafiles;
}> {
  const { root, folder, registry, clouds } = options;
  const metafiles = await bundleAll(root, registry, "cloud", clouds);
  const packages = clouds.flatMap((cloud) => {
    // A function that is no more must not be deployed again.
    rmSync(join(folder, cloud), { recursive: true, force: true });
    mkdirSync(join(folder, cloud), { recursive: true });
    return metafiles[cloud].map((metafile) => makePackage(options, cloud, metafile));
  });
  return { packages, metafiles };
}

function makePackage(
  { root, folder, registry, stage }: PackageOptions,
  cloud: Cloud,
  { outputs }: Metafile,
): Package {
  // Paths are relative to where the build ran; only chunks are in a folder of their own.
  const paths = Object.keys(outputs);
  const first = paths.find((path) => !path.includes("/chunks/")) ?? "";
  const entry = relative(dirname(first), first);
  const manifest = deployManifest(registry.deployables.map(({ definition }) => definition));
  const files = new Map<string, Uint8Array>();
  for (const path of paths) files.set(relative(dirname(first), path), readFileSync(resolve(path)));
  for (const [path, text] of extraFiles(cloud, { root, manifest, stage, entry })) {
    files.set(path, Buffer.from(text));
  }
  const zip = zipFiles(files);
  const name = cloud === "azure" ? "app" : entry.replace(/\.mjs$/, "");
  const path = packagePath(folder, cloud, name);
  writeFileSync(path, zip);
  const unpackedBytes = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { cloud, name, path, zipBytes: zip.byteLength, unpackedBytes };
}
