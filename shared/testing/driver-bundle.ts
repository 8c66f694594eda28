import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

/** What of a bundler's account this suite reads; esbuild's metafile has it. */
type Metafile = {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string;
        readonly inputs: object;
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
      }
    >
  >;
};

export type DriverBundle = {
  /** The product's own bundler for this cloud: what it does not manage, a deployment does not either. */
  readonly bundle: (
    entryPoints: readonly { readonly in: string; readonly out: string }[],
    outdir: string,
  ) => Promise<Metafile>;
  /** Absolute folder of the drivers; the program imports them by `./<name>.ts`. */
  readonly drivers: string;
  /** Makes one call of each driver to an address where nothing listens, and prints the codes of their errors. */
  readonly program: string;
  /** How many codes that is. */
  readonly calls: number;
  /** A driver that must be among what is loaded first, and what must not be. */
  readonly loadedFirst: string;
  readonly loadedLate: RegExp;
};

/** The contract of a cloud's drivers in a bundle: they work there, and their SDKs wait until they are used. */
export function driverBundleConformance(cloud: string, options: DriverBundle): void {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "auterity-bundle-"))));
  afterAll(() => rm(folder, { recursive: true }));

  it(`${cloud}: drivers work in a bundle, and their SDKs are no part of what is loaded first`, async () => {
    const entry = join(folder, "program.ts");
    await writeFile(entry, options.program.replaceAll('from "./', `from "${options.drivers}/`));
    const metafile = await options.bundle([{ in: entry, out: "program" }], folder);
    const env = { ...process.env, METADATA_SERVER_DETECTION: "none" };
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [join(folder, "program.mjs")], { env });
    expect(stdout.split(",")).toEqual(Array.from({ length: options.calls }, () => "unavailable"));
    const sources = loadedFirst(metafile);
    expect(sources.some((path) => path.endsWith(options.loadedFirst))).toBe(true);
    expect(sources.filter((path) => options.loadedLate.test(path))).toEqual([]);
  });
}

/** The sources in the entry's file and in what that imports statically. */
function loadedFirst({ outputs }: Metafile): string[] {
  const pending = Object.keys(outputs).filter((path) =>
    outputs[path]?.entryPoint?.endsWith("program.ts"),
  );
  const sources: string[] = [];
  for (const path of pending) {
    sources.push(...Object.keys(outputs[path]?.inputs ?? {}));
    const imports = outputs[path]?.imports.filter(({ kind }) => kind === "import-statement") ?? [];
    pending.push(...imports.map((one) => one.path).filter((one) => !pending.includes(one)));
  }
  return sources;
}
