import { directImports } from "./scripts/build/direct-imports.ts";
import { writeIfChanged } from "./scripts/build/write-if-changed.ts";
import { build, stop, type BuildOptions, type Metafile, type Plugin } from "esbuild";

/** What each cloud's own runtime supplies, and so is never bundled. */
const supplied = {
  aws: [],
  azure: ["@azure/functions", "@azure/functions-core"],
  gcp: ["@google-cloud/functions-framework"],
} as const;

/**
 * What a deployed app finds beside its bundle. Azure's worker supplies only the registration contract:
 * https://github.com/Azure/azure-functions-nodejs-library/wiki/Bundling-with-esbuild
 */
const deployedWith = { ...supplied, azure: ["@azure/functions-core"] } as const;

/**
 * zod's classic schemas carry the renderer of `toJSONSchema`, a fifth of the library. It is used when the manifest is
 * built and by no function, so bundles get a module in its place that says so.
 */
const withoutJsonSchema: Plugin = {
  name: "without-json-schema",
  setup(bundler) {
    bundler.onLoad(
      { filter: /zod\/v4\/core\/(?:json-schema-processors|to-json-schema)\.js$/ },
      async ({ path }) => {
        const names = Object.keys(await import(path));
        const refuse = 'throw new Error("toJSONSchema is for the build, not for a function");';
        const exported = names.map((name) => `refuse as ${name}`).join(", ");
        return { contents: `function refuse() { ${refuse} }\nexport { ${exported} };` };
      },
    );
  },
};

/** What an integration promises is for the catalogue and its check when things are built; no function reads it. */
const withoutPromises: Plugin = {
  name: "without-promises",
  setup(bundler) {
    bundler.onLoad({ filter: /functions\/integrations\/[^/]+\/promises\.ts$/ }, () => ({
      contents: "export const promises = {};",
    }));
  },
};

export type Cloud = keyof typeof supplied;

// CommonJS packages inside an ESM bundle ask for `require`, and Google's SDKs for their own folder.
// It stands in every chunk, so it is short; no minifier gives out a name with a dollar and a word.
const banner = `import{createRequire as $require}from"node:module";
const require=$require(import.meta.url),{dirname:__dirname,filename:__filename}=import.meta;`;

/** A source file, and the path of its bundle below the output folder, without extension. */
export type EntryPoint = { readonly in: string; readonly out: string };

/**
 * Bundles the entries of one cloud; a function's bundle holds that cloud's packages and no other's. One that is to be
 * `deployed` also holds what there is only in this repository's `node_modules`.
 */
export async function bundle(
  cloud: Cloud,
  entryPoints: readonly EntryPoint[],
  outdir: string,
  deployed = false,
): Promise<Metafile> {
  const options = {
    entryPoints: entryPoints.map((entry) => ({ ...entry })),
    outdir,
    bundle: true,
    minify: true,
    // Nobody could read them beside the code, and they take three quarters of the time.
    sourcemap: deployed ? false : "linked",
    sourcesContent: false,
    platform: "node",
    target: "node24",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    // Chunks that are imported lazily stay out of the cold start: X-Ray on AWS, each function on Azure.
    splitting: true,
    // Every import of a chunk repeats its name.
    chunkNames: "chunks/[hash]",
    external: [...(deployed ? deployedWith : supplied)[cloud]],
    banner: { js: banner },
    plugins: [withoutJsonSchema, withoutPromises, directImports(import.meta.dirname)],
    metafile: true,
    logLevel: "error",
    // A product that runs may load a chunk at any moment: files are only ever replaced whole.
    write: false,
  } satisfies BuildOptions;
  const { metafile, outputFiles } = await build(options);
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents);
  return metafile;
}

/** Ends esbuild's own process, for who goes on without building. */
export async function endBuilds(): Promise<void> {
  await stop();
}
