import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { deployManifest } from "../build/deploy-manifest.ts";
import { readRegistry } from "../build/registry.ts";
import { COMMITTED, writeInfra } from "./render.ts";

const HELP = `node scripts/infra/gen.ts [--stage dev] [--azure-region westeurope] [--gcp-region europe-west1]

Renders infra/generated/azure and infra/generated/gcp for a stage. What is committed is the stage "${COMMITTED.stage}";
npm run gen renders that too.
`;

const { values } = parseArgs({
  options: {
    stage: { type: "string", default: COMMITTED.stage },
    "azure-region": { type: "string", default: COMMITTED.azureRegion },
    "gcp-region": { type: "string", default: COMMITTED.gcpRegion },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) process.stdout.write(HELP);
else {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { deployables } = await readRegistry(root);
  const manifest = deployManifest(deployables.map(({ definition }) => definition));
  const { stage, "azure-region": azureRegion, "gcp-region": gcpRegion } = values;
  writeInfra(root, manifest, { stage, azureRegion, gcpRegion });
  process.stdout.write(`rendered infra/generated for ${stage}\n`);
}
