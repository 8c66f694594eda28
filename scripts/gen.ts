import { fileURLToPath } from "node:url";
import { buildAll } from "./build/build.ts";
import { writeDocs } from "./build/docs.ts";
import { writeBudget } from "./budget/budget.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const build = await buildAll(root);
writeDocs(root, build.registry);
await writeBudget(root, build.metafiles);
process.stdout.write(
  `built ${build.registry.deployables.length} functions for three clouds; rendered docs and budget\n`,
);
