import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkedRegistry } from "../lint/lint-project.ts";
import { renderedClouds } from "../plan/rendered.ts";
import { wiringReport } from "./report.ts";
import { wiringOf } from "./wiring.ts";

const HELP = `npm run wire -- <function> [--cloud aws|azure|gcp] [--stage dev]

Tells how calls reach a function of this project on each cloud: what stands between the source and the function, where
the console shows it, and the rendered snippet that makes it.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cloud: { type: "string" },
    stage: { type: "string", default: "dev" },
    help: { type: "boolean", short: "h" },
  },
});

async function main([name]: readonly string[]): Promise<string> {
  if (name === undefined) throw new Error("npm run wire -- <function>: name a function");
  const { deployables } = await checkedRegistry(fileURLToPath(new URL("../../", import.meta.url)));
  const definitions = deployables.map(({ definition }) => definition);
  const definition = definitions.find((each) => each.name === name);
  if (definition === undefined) {
    const names = definitions.map((each) => each.name);
    throw new Error(`there is no function "${name}"; choose one of ${names.join(", ")}`);
  }
  const clouds = await renderedClouds(definitions, values.stage);
  const wanted = clouds.filter(
    ({ target }) => definition.targets.includes(target) && target === (values.cloud ?? target),
  );
  if (wanted.length > 0) return wiringReport(wanted.map((cloud) => wiringOf(definition, cloud)));
  throw new Error(`"${name}" is not deployed to ${values.cloud ?? "any cloud"}`);
}

if (values.help === true) process.stdout.write(HELP);
else {
  main(positionals).then(
    (text) => process.stdout.write(text),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
