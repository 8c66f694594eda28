import { fileURLToPath } from "node:url";
import { buildAll, bundleAll } from "./build/build.ts";
import { deployManifest } from "./build/deploy-manifest.ts";
import { writeDocs } from "./build/docs.ts";
import { writeBudget } from "./budget/budget.ts";
import { COMMITTED, writeInfra } from "./infra/render.ts";
import { writeServerless } from "./package/serverless.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const build = await buildAll(root);
writeDocs(root, build.registry);
const manifest = deployManifest(build.registry.deployables.map(({ definition }) => definition));
writeInfra(root, manifest, COMMITTED);
writeServerless(root, manifest);
await writeBudget(root, build.metafiles, await bundleAll(root, build.registry, "cloud"));
process.stdout.write(
  `built ${build.registry.deployables.length} functions for three clouds; rendered docs, infra and budget\n`,
);
