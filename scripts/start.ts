import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { openDataFolder } from "../adapters/local/data-folder.ts";
import { defaultSecretVariable, secretVariable } from "../adapters/local/drivers/secrets.ts";
import { makeMasterKey } from "../adapters/local/secrets/master-keys.ts";
import { MASTER_KEY } from "#shared/connections";
import { type Engine, openEngine } from "../adapters/local/engine/engine.ts";
import { type Product, startProduct } from "../adapters/local/product.ts";
import { type Replicas, startReplicas } from "../adapters/local/replication/replicas.ts";
import { readFixtures } from "../adapters/local/sandbox.ts";
import { replicated, spreadOf } from "#shared/replication";
import { endBuilds } from "../esbuild.config.ts";
import { buildAll } from "./build/build.ts";
import type { Engines } from "./build/entry-ports.ts";
import { type ManifestFunction, renderManifest } from "./build/manifest.ts";
import { readRegistry, type Registry } from "./build/registry.ts";
import { deployManifest, storesOf } from "./build/deploy-manifest.ts";
import { cloudSetups } from "./cloud-setups.ts";
import type { CloudEngines } from "./engines/cloud-engines.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

export type StartOptions = {
  readonly port: number;
  readonly host: string;
  /** Pins every call to one runtime that does not pin itself. */
  readonly as: string | undefined;
  /** What functions work on: the embedded engine, or the engines of each cloud's services. */
  readonly engines?: Engines;
  /** Gets every line that a runtime writes. */
  readonly onLog: (runtime: string, line: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Opens the engine; the crash test's planted bug replaces it. */
  readonly open?: (path: string) => Engine;
};

export type StartedProduct = Product & {
  readonly token: string;
  readonly functions: readonly ManifestFunction[];
  /** The product names of each cloud's own engines; empty on the embedded one. */
  readonly engines: Readonly<Record<string, readonly string[]>>;
};

/** Builds and starts the whole product. Resolves once the gateway listens; `ready` tells when all hosts are up. */
export async function start(options: StartOptions): Promise<StartedProduct> {
  const data = openDataFolder(
    options.env["AUTERITY_DATA"] ?? join(root, ".auterity"),
    options.env["AUTERITY_TOKEN"],
  );
  if (options.env[secretVariable(MASTER_KEY) ?? ""] === undefined) makeMasterKey(data.folder);
  const open = options.open ?? ((path) => openEngine({ path, clock: Date }));
  // First, so that a second product on the same data fails before it builds anything.
  const engine = open(data.databasePath);
  const prebuilt = options.env["AUTERITY_PREBUILT"] !== undefined;
  const kind = options.engines ?? "embedded";
  const registry = prebuilt ? await readRegistry(root) : (await buildAll(root, kind)).registry;
  // Its process would stay beside the product for nothing.
  await endBuilds();
  const manifest = renderManifest(registry);
  const { functions } = manifest;
  const setups = cloudSetups({ root, functions, engines: kind, only: options.as });
  const engines = kind === "embedded" ? {} : await cloudEngines(Object.keys(setups), registry);
  const replicas = await replicasOf(engines, registry, data.replicationKey, options.onLog);
  const product = await startProduct({
    engine,
    data,
    replicas,
    clouds: Object.fromEntries(
      Object.entries(setups).map(([cloud, setup]) => {
        const own = engines[cloud];
        return [cloud, own === undefined ? setup : { ...setup, engines: own }];
      }),
    ),
    functions,
    integrations: manifest.integrations,
    consoleFolder: pathToFileURL(join(root, ".build/console/")),
    bind: { host: options.host, port: options.port },
    hostNames: hostNames(options),
    fixtures:
      options.env["AUTERITY_SANDBOX"] === "off"
        ? undefined
        : readFixtures(join(root, "functions/integrations")),
    env: { ...webhookSecrets(registry, data.webhookSecret), ...options.env },
    onLog: options.onLog,
  });
  return {
    ...product,
    token: data.token,
    functions,
    engines: Object.fromEntries(
      Object.entries(engines).map(([cloud, { names }]) => [cloud, names]),
    ),
    async stop() {
      await product.stop();
      await Promise.all(Object.values(engines).map((running) => running.stop()));
    },
  };
}

// Loaded only where they are asked for: every SDK and every engine is in there.
async function cloudEngines(
  names: readonly string[],
  { deployables }: Registry,
): Promise<Readonly<Record<string, CloudEngines>>> {
  const { startEngines } = await import("./engines/start-engines.ts");
  return startEngines(names, deployManifest(deployables.map(({ definition }) => definition)));
}

/** What keeps the stores of several clouds equal; a cloud alone has nobody to be equal to. */
async function replicasOf(
  engines: Readonly<Record<string, CloudEngines>>,
  { deployables }: Registry,
  key: string,
  onLog: StartOptions["onLog"],
): Promise<Replicas | undefined> {
  const drivers = Object.fromEntries(
    Object.entries(engines).map(([cloud, { state }]) => [cloud, state]),
  );
  if (Object.keys(drivers).length < 2) return undefined;
  const all = storesOf(deployables.map(({ definition }) => definition));
  const spread = spreadOf(all);
  const stores = all.filter(({ acrossClouds }) => acrossClouds !== "separate").map(replicated);
  return startReplicas({ drivers, spread, stores, key, onLog });
}

// Verification is never optional: a connection without a secret gets one that only the demo can read.
function webhookSecrets({ integrations }: Registry, secret: string): Record<string, string> {
  return Object.fromEntries(
    integrations.flatMap(({ id, webhooks }) =>
      webhooks === undefined ? [] : [[defaultVariable(id, webhooks.secretField), secret]],
    ),
  );
}

function defaultVariable(id: string, field: string): string {
  return defaultSecretVariable(`connections/default/${id}/default/${field}`) ?? "";
}

function hostNames({ host, env }: StartOptions): string[] {
  const more = env["AUTERITY_HOSTS"]?.split(",") ?? [];
  return ["localhost", "127.0.0.1", "[::1]", host, ...more];
}

/** The command line of `npm start`; what is to be done to the product before it is used is for planted bugs. */
export async function main(
  open?: StartOptions["open"],
  plant: (product: Product) => void = () => undefined,
): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", short: "p" },
      host: { type: "string" },
      as: { type: "string" },
      engines: { type: "string" },
      quiet: { type: "boolean", short: "q" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const port = Number(values.port ?? process.env["PORT"] ?? 4400);
  const began = Date.now();
  const product = await start({
    port,
    host: values.host ?? "127.0.0.1",
    as: values.as,
    engines: enginesOf(values.engines),
    onLog: values.quiet === true ? () => undefined : printLog,
    env: process.env,
    ...(open === undefined ? {} : { open }),
  });
  plant(product);
  stopOnSignal(product);
  await product.ready;
  process.stdout.write(welcome(product, Date.now() - began));
}

function enginesOf(value: string | undefined): Engines {
  if (value === undefined || value === "embedded") return "embedded";
  if (value === "emulators") return "emulators";
  throw new Error(`--engines ${value}: choose embedded or emulators`);
}

function printLog(runtime: string, line: string): void {
  process.stdout.write(`${runtime.padEnd(5)} ${line}\n`);
}

function stopOnSignal(product: Product): void {
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      // A second Ctrl-C means: now.
      if (stopping) process.exit(130);
      stopping = true;
      product.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

function welcome({ url, token, engines }: StartedProduct, tookMs: number): string {
  const beneath = Object.entries(engines).map(
    ([cloud, names]) =>
      `  ${cloud.padEnd(9)} works on ${names.join(" and ")}, which forget at Ctrl-C\n`,
  );
  return `
auterity is up after ${(tookMs / 1000).toFixed(1)} s: aws, azure and gcp, side by side
${beneath.join("")}
  console   ${url}/#token=${token}

try next (in another terminal)
  npm run demo                      every real GitHub event, through all three runtimes
  curl -H "authorization: Bearer ${token}" ${url}/v1/integrations
  npm run new integration my-vendor your own integration, in the catalogue at once

Ctrl-C stops everything.

`;
}

const HELP = `npm start -- [options]

Builds all functions and runs them as AWS Lambda, Azure Functions and Google Cloud Functions on this machine.

  -p, --port <n>     port of the gateway and the console (default 4400, or PORT)
      --host <addr>  address to listen on (default 127.0.0.1)
      --as <cloud>   run only aws, azure or gcp
      --engines <e>  what functions work on: "embedded" (default, kept in AUTERITY_DATA), or "emulators": each cloud
                     on its own kind of state and queue, in memory (DynamoDB Local and fauxqs, cosmosdb-server and
                     Azurite, Google's emulators of Firestore and Pub/Sub; they need Java 17 and gcloud's emulators)
  -q, --quiet        do not print the functions' log lines
  -h, --help         this text

environment
  AUTERITY_DATA      folder of the database, token and keys (default .auterity)
  AUTERITY_TOKEN     bearer token of the API (default: made at first start)
  AUTERITY_HOSTS     further host names the gateway may be called by, comma separated
  AUTERITY_BUDGET_USD  what calls may cost in a month at list prices; beyond it they are refused with 429
  AUTERITY_SANDBOX   "off" refuses actions without credentials instead of answering from recordings
  AUTERITY_SECRET_<INTEGRATION>_<FIELD>   credentials, e.g.
                     AUTERITY_SECRET_GITHUB_ACTIONS_WEBHOOK_SECRET, AUTERITY_SECRET_SLACK_TOKEN;
                     they come before what "npm run secret" keeps encrypted in the data folder
  AUTERITY_BASE_URL_<INTEGRATION>         another base URL: a mock, a proxy, a self-hosted vendor
`;

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
