import type { Metafile } from "esbuild";
import type { Build } from "../build/build.ts";
import { bytesOf, loadedFiles, sourcesOf } from "./loaded-files.ts";

/** Minified bytes that a function loads at its start, by `<cloud>/<function>`. Lazy chunks are not in it. */
export type FunctionSizes = Readonly<Record<string, number>>;

/**
 * The largest a bundle may be at its start. On AWS the prescribed middy and Powertools come on top, measured at
 * 41 KB for logger and metrics; the X-Ray SDK is a chunk of its own that only a traced function loads. An app on Azure
 * registers all of its functions at its start, a route costs about 100 bytes.
 */
export const limits = {
  functionBytes: 150_000,
  integrationBytes: 200_000,
  awsStackBytes: 42_000,
  registrationBytes: 300,
} as const;

/** Packages that belong to one cloud and must be in no other's bundle. */
export const foreign: Readonly<Record<string, RegExp>> = {
  aws: /node_modules\/(?:@azure|@google-cloud)\//,
  azure: /node_modules\/(?:@aws-|@middy|@google-cloud|aws-)/,
  gcp: /node_modules\/(?:@azure|@aws-|@middy|aws-)/,
};

/** What an entry loads statically: its own file, the source it was made of, and all bytes. */
export type FunctionStart = {
  readonly file: string;
  readonly source: string;
  readonly bytes: number;
};

/** Sizes of what each entry loads statically, by `<cloud>/<function>`. */
export function functionSizes(metafiles: Build["metafiles"]): FunctionSizes {
  const starts = Object.entries(functionStarts(metafiles));
  return Object.fromEntries(starts.map(([name, { bytes }]) => [name, bytes]));
}

/**
 * What each entry loads statically. On Azure all functions start with the app, and each adds its own lazy chunks when it
 * is first called.
 */
export function functionStarts(
  metafiles: Build["metafiles"],
): Readonly<Record<string, FunctionStart>> {
  const starts: Record<string, FunctionStart> = {};
  for (const [cloud, files] of Object.entries(metafiles)) {
    for (const { outputs } of files) {
      const app = cloud === "azure" ? loadedFiles(outputs, appStart(outputs)) : new Set<string>();
      for (const [file, { entryPoint: source }] of Object.entries(outputs)) {
        // Chunks that wait for their first use are entries to esbuild, too.
        if (source?.includes("/entries/") !== true) continue;
        const name = source.replace(/^.*\//, "").replace(/\.ts$/, "");
        const isApp = file === appStart(outputs);
        const loaded = [...loadedFiles(outputs, file)].filter((path) => isApp || !app.has(path));
        const bytes = bytesOf(outputs, loaded);
        starts[`${cloud}/${isApp ? "(app start)" : name}`] = { file, source, bytes };
      }
    }
  }
  return Object.fromEntries(
    Object.entries(starts).toSorted(([a], [b]) => a.localeCompare(b, "en")),
  );
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

/** SDKs of cloud services that some function would load at its start, as `<cloud>/<file>: <source>`. */
export function eagerSdks(metafiles: Build["metafiles"]): string[] {
  return Object.entries(metafiles).flatMap(([cloud, files]) =>
    files.flatMap(({ outputs }) =>
      Object.keys(outputs)
        .filter((path) => outputs[path]?.entryPoint?.includes("/entries/") === true)
        .flatMap((path) =>
          sourcesOf(outputs, loadedFiles(outputs, path))
            .filter((source) => SERVICE_SDK.test(source))
            .map((source) => `${cloud}/${path}: ${source}`),
        ),
    ),
  );
}

/** Clients of services, which wait for their first use; not what an entry itself is made of. */
const SERVICE_SDK =
  /node_modules\/(?:@aws-sdk\/client-|@azure\/(?!functions)|@google-cloud\/(?!functions-framework)|@grpc\/)/;

function appStart(outputs: Metafile["outputs"]): string {
  return Object.keys(outputs).find((path) => path.endsWith("/azure/main.mjs")) ?? "";
}
