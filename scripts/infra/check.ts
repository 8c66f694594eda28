import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { deployManifest } from "../build/deploy-manifest.ts";
import { readRegistry } from "../build/registry.ts";
import { renderAzure } from "../../adapters/azure/deploy/index.ts";
import { renderGcp } from "../../adapters/gcp/deploy/index.ts";
import {
  type Configuration,
  type HclReader,
  readConfigurationFile,
  readConfigurations,
} from "./configuration.ts";
import { publicFunctionsOf, violationsOf } from "./policies.ts";
import { packageSchemas, type SchemaSource } from "./schema.ts";
import { hclReader } from "./hcl.ts";
import { COMMITTED } from "./render.ts";
import { specimen } from "./specimen.ts";
import { verify } from "./verify.ts";

const HELP = `npm run check:infra

Checks everything below infra/ without a cloud account: every resource type, argument, block and reference against the
schemas of the providers, expressions and HCL with a parser, the policies, and the format of HCL where terraform is
installed. The schemas (575 MB) are installed into infra/check/node_modules when they are missing.
`;

const root = fileURLToPath(new URL("../../", import.meta.url));
const packages = join(root, "infra/check");
const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
if (values.help === true) process.stdout.write(HELP);
else {
  const { deployables } = await readRegistry(root);
  const manifest = deployManifest(deployables.map(({ definition }) => definition));
  const withSpecimens = [manifest, deployManifest(Object.values(specimen))];
  try {
    process.exitCode = check(withSpecimens.flatMap(publicFunctionsOf)) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`check:infra: ${String(error)}\n`);
    process.exitCode = 1;
  }
}

function check(publicFunctions: readonly string[]): boolean {
  installPackages();
  const schemas = remembering(packageSchemas(join(packages, "node_modules")));
  const readHcl = hclReader(root);
  const configurations = [...readConfigurations(root, "infra", readHcl), ...specimens(readHcl)];
  const complaints: string[] = [];
  for (const configuration of configurations) {
    const { folder, elements, texts } = configuration;
    const { violations, ...counts } = verify(configuration, schemas);
    const unparsed = badExpressions(texts, readHcl);
    const refused = violationsOf(elements, publicFunctions).map((text) => `policy: ${text}`);
    const found = [...violations, ...unparsed, ...refused];
    process.stdout.write(
      `${folder}: ${counts.resources} resources, ${counts.arguments} arguments and ${counts.references} references checked, ${found.length} violations\n`,
    );
    complaints.push(...found.map((text) => `${folder}: ${text}`));
  }
  if (configurations.length === 0) complaints.push("infra: there is nothing to check");
  complaints.push(...badFormat(configurations));
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  return complaints.length === 0;
}

/** What no function of this project needs is rendered all the same, so that it is checked before one does. */
function specimens(readHcl: HclReader): readonly Configuration[] {
  const all = deployManifest(Object.values(specimen));
  const queuesOnly = deployManifest([specimen.clock, specimen.api]);
  const azure = { stage: COMMITTED.stage, region: COMMITTED.azureRegion };
  const rendered = new Map([
    ["specimen for azure", renderAzure(all, azure)],
    [
      "specimen for azure with service bus",
      renderAzure(queuesOnly, { ...azure, queue: "service-bus" }),
    ],
    ["specimen for gcp", renderGcp(all, { stage: COMMITTED.stage, region: COMMITTED.gcpRegion })],
  ]);
  return [...rendered].map(([folder, files]) => {
    const read = [...files]
      .filter(([file]) => file.endsWith(".tf.json"))
      .map(([file, text]) => readConfigurationFile(text, file, readHcl));
    return {
      folder,
      files: [...files.keys()],
      elements: read.flatMap(({ elements }) => elements),
      texts: read.flatMap(({ texts }) => texts),
    };
  });
}

function installPackages(): void {
  if (existsSync(join(packages, "node_modules/hcl2-parser"))) return;
  const args = ["--prefix", packages, "ci", "--silent", "--no-audit", "--no-fund"];
  const { status } = spawnSync("npm", args, { stdio: "inherit", cwd: packages });
  if (status !== 0) throw new Error("npm --prefix infra/check ci failed");
}

/** Each file is read once, however many resources are of its type. */
function remembering(schemas: SchemaSource): SchemaSource {
  const known = new Map<string, ReturnType<SchemaSource>>();
  return (kind, type) => {
    const key = `${kind} ${type}`;
    if (!known.has(key)) known.set(key, schemas(kind, type));
    return known.get(key);
  };
}

/** Texts whose `${…}` is no expression. */
function badExpressions(texts: readonly string[], readHcl: HclReader): readonly string[] {
  return [...new Set(texts)].flatMap((text) => {
    if (!text.includes("${")) return [];
    try {
      // In a heredoc nothing has to be escaped.
      readHcl(`v = <<END_OF_TEXT\n${text}\nEND_OF_TEXT\n`);
      return [];
    } catch {
      return [`"${text}" is no expression`];
    }
  });
}

/** Only HCL has a format of Terraform's. */
function badFormat(configurations: readonly Configuration[]): readonly string[] {
  const hcl = configurations.flatMap(({ files }) => files).filter((file) => file.endsWith(".tf"));
  if (hcl.length === 0) {
    process.stdout.write("terraform fmt: there is no HCL below infra\n");
    return [];
  }
  const args = ["fmt", "-check", "-recursive", "-list=true", join(root, "infra")];
  const { error, status, stdout } = spawnSync("terraform", args, {
    encoding: "utf8",
    env: { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null" },
  });
  if (error !== undefined) {
    process.stdout.write("terraform fmt: skipped, terraform is not installed\n");
    return [];
  }
  process.stdout.write(`terraform fmt -check: ${status === 0 ? "formatted" : "not formatted"}\n`);
  return status === 0
    ? []
    : stdout
        .trim()
        .split("\n")
        .map((file) => `terraform fmt: ${file}`);
}
