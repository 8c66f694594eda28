import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Metafile } from "esbuild";
import { bundle, type Cloud } from "../../esbuild.config.ts";
import { coldImportMs } from "./cold-import.ts";
import { contributedBytes, loadedFiles } from "./loaded-files.ts";

/** What a driver adds to a function, minified: when the function starts, and when it first uses the driver. */
export type DriverSize = { readonly startBytes: number; readonly firstUseBytes: number };

/** The sizes, and how long its modules take to load in an empty process: a median, of the machine that rendered it. */
export type DriverCost = DriverSize & { readonly coldImportMs: number };

type DriverBuild = { readonly size: DriverSize; readonly files: readonly string[] };

const CLOUDS: readonly Cloud[] = ["aws", "azure", "gcp"];
/** What every function holds, with or without drivers. */
const PRESENT = /(?:^|\/)(?:shared|node_modules\/zod)\//;

/** Sizes of all drivers of the clouds, by `<cloud>/<driver>`. */
export async function driverSizes(root: string): Promise<Readonly<Record<string, DriverSize>>> {
  return withBuilds(root, (builds) =>
    Object.fromEntries(Object.entries(builds).map(([name, { size }]) => [name, size])),
  );
}

/** Costs of all drivers. What `known` holds with the same sizes is not measured again, so that a rendering is stable. */
export async function driverCosts(
  root: string,
  known: Readonly<Record<string, DriverCost>>,
): Promise<Readonly<Record<string, DriverCost>>> {
  return withBuilds(root, (builds) =>
    Object.fromEntries(
      Object.entries(builds).map(([name, { size, files }]) => {
        const before = known[name];
        const isSame =
          before?.startBytes === size.startBytes && before.firstUseBytes === size.firstUseBytes;
        return [name, isSame ? before : { ...size, coldImportMs: coldImportMs(files) }];
      }),
    ),
  );
}

async function withBuilds<T>(
  root: string,
  use: (builds: Readonly<Record<string, DriverBuild>>) => T,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "auterity-drivers-"));
  try {
    const builds = await Promise.all(CLOUDS.map((cloud) => buildDrivers(root, cloud, folder)));
    return use(Object.fromEntries(builds.flat()));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildDrivers(
  root: string,
  cloud: Cloud,
  folder: string,
): Promise<[string, DriverBuild][]> {
  const pattern = `adapters/${cloud}/drivers/{state,queue,topic,blob,secrets}-*.ts`;
  const drivers = globSync(pattern, { cwd: root }).filter(
    (file) => !/-sdk\.ts$|-receiver\.ts$|\.(?:test|conformance)\.ts$/.test(file),
  );
  const out = join(folder, cloud);
  const entries = drivers.map((file) => ({ in: join(root, file), out: basename(file, ".ts") }));
  const { outputs } = await bundle(cloud, entries, out);
  return drivers.toSorted().map((file): [string, DriverBuild] => {
    const name = basename(file, ".ts");
    return [`${cloud}/${name}`, buildOf(outputs, name)];
  });
}

function buildOf(outputs: Metafile["outputs"], name: string): DriverBuild {
  const entry = Object.keys(outputs).find((path) => basename(path) === `${name}.mjs`) ?? "";
  const start = loadedFiles(outputs, entry);
  const all = loadedFiles(outputs, entry, ["import-statement", "dynamic-import"]);
  const startBytes = contributedBytes(outputs, start, PRESENT);
  return {
    size: { startBytes, firstUseBytes: contributedBytes(outputs, all, PRESENT) - startBytes },
    // Outputs are named from where the build ran.
    files: [...all].map((path) => resolve(path)),
  };
}
