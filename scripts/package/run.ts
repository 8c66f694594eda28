import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Cloud, endBuilds } from "../../esbuild.config.ts";
import { functionSizes } from "../budget/functions.ts";
import { readRegistry } from "../build/registry.ts";
import { makePackages, packagesFolder } from "./packages.ts";
import { sizesTable } from "./sizes-table.ts";

const CLOUDS = ["aws", "azure", "gcp"] as const satisfies readonly Cloud[];

const HELP = `npm run package -- [options]

Bundles every function for the clouds themselves and writes what is uploaded to .build/packages:
aws/<function>.zip, azure/app.zip, gcp/<function>.zip. The same sources give the same bytes.

      --cloud <c>   only aws, azure or gcp; may be given more than once
      --stage <s>   the deployment it is for (default dev)
  -h, --help        this text
`;

/** The command line of `npm run package`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cloud: { type: "string", multiple: true },
      stage: { type: "string", default: "dev" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const began = Date.now();
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const registry = await readRegistry(root);
  const clouds = cloudsOf(values.cloud);
  const { packages, metafiles } = await makePackages({
    root,
    folder: packagesFolder(root),
    registry,
    clouds,
    stage: values.stage,
  });
  await endBuilds();
  process.stdout.write(sizesTable(packages, functionSizes(metafiles)));
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(`\n${packages.length} packages in .build/packages after ${seconds} s\n`);
}

function cloudsOf(names: readonly string[] | undefined): readonly Cloud[] {
  if (names === undefined) return CLOUDS;
  return names.map((name) => {
    const cloud = CLOUDS.find((candidate) => candidate === name);
    if (cloud !== undefined) return cloud;
    throw new Error(`--cloud ${name}: choose one of ${CLOUDS.join(", ")}`);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
