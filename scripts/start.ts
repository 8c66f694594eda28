import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import awsAdapter from "../adapters/aws/adapter.ts";
import azureAdapter from "../adapters/azure/adapter.ts";
import gcpAdapter from "../adapters/gcp/adapter.ts";
import { openDataFolder } from "../adapters/local/data-folder.ts";
import { defaultSecretVariable } from "../adapters/local/drivers/secrets.ts";
import { type Engine, openEngine } from "../adapters/local/engine/engine.ts";
import { awsHost } from "../adapters/local/hosts/aws.ts";
import { azureHost } from "../adapters/local/hosts/azure.ts";
import { gcpHost } from "../adapters/local/hosts/gcp.ts";
import { type CloudSetup, type Product, startProduct } from "../adapters/local/product.ts";
import { readFixtures } from "../adapters/local/sandbox.ts";
import { endBuilds } from "../esbuild.config.ts";
import { buildAll } from "./build/build.ts";
import { type ManifestFunction, renderManifest } from "./build/manifest.ts";
import { readRegistry, type Registry } from "./build/registry.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
/** Local hosts answer or fail within this; longer work belongs behind a queue. */
const HOST_TIMEOUT_MS = 60_000;

export type StartOptions = {
  readonly port: number;
  readonly host: string;
  /** Pins every call to one runtime that does not pin itself. */
  readonly as: string | undefined;
  /** Gets every line that a runtime writes. */
  readonly onLog: (runtime: string, line: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Opens the engine; the crash test's planted bug replaces it. */
  readonly open?: (path: string) => Engine;
};

/** Builds and starts the whole product. Resolves once the gateway listens; `ready` tells when all hosts are up. */
export async function start(options: StartOptions): Promise<Product & { readonly token: string }> {
  const data = openDataFolder(
    options.env["AUTERITY_DATA"] ?? join(root, ".auterity"),
    options.env["AUTERITY_TOKEN"],
  );
  const open = options.open ?? ((path) => openEngine({ path, clock: Date }));
  // First, so that a second product on the same data fails before it builds anything.
  const engine = open(data.databasePath);
  const prebuilt = options.env["AUTERITY_PREBUILT"] !== undefined;
  const registry = prebuilt ? await readRegistry(root) : (await buildAll(root)).registry;
  // Its process would stay beside the product for nothing.
  await endBuilds();
  const manifest = renderManifest(registry);
  const product = await startProduct({
    engine,
    data,
    clouds: clouds(manifest.functions, options.as),
    functions: manifest.functions,
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
  return { ...product, token: data.token };
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

function clouds(
  functions: readonly ManifestFunction[],
  only: string | undefined,
): Record<string, CloudSetup> {
  const setups: Record<string, CloudSetup> = {
    aws: {
      prices: awsAdapter.price,
      host: (wiring) =>
        awsHost({ ...settings("aws", functions), codecs: awsAdapter.codecs, ...wiring }),
    },
    azure: {
      prices: azureAdapter.price,
      host: (wiring) =>
        azureHost({ ...settings("azure", functions), codecs: azureAdapter.codecs, ...wiring }),
    },
    gcp: {
      prices: gcpAdapter.price,
      host: (wiring) =>
        gcpHost({ ...settings("gcp", functions), codecs: gcpAdapter.codecs, ...wiring }),
    },
  };
  if (only === undefined) return setups;
  const setup = setups[only];
  if (setup === undefined)
    throw new Error(`--as ${only}: choose one of ${Object.keys(setups).join(", ")}`);
  return { [only]: setup };
}

function settings(cloud: string, functions: readonly ManifestFunction[]) {
  return {
    timeoutMs: HOST_TIMEOUT_MS,
    functions: functions
      .filter(({ targets }) => targets.includes(cloud))
      .map(({ name, trigger, limits }) => ({
        name,
        kind: trigger,
        memoryMb: limits.memoryMb,
        bundle: join(
          root,
          ".build/bundles",
          cloud,
          cloud === "azure" ? "main.mjs" : `${name}/${name}.mjs`,
        ),
      })),
  };
}

function hostNames({ host, env }: StartOptions): string[] {
  const more = env["AUTERITY_HOSTS"]?.split(",") ?? [];
  return ["localhost", "127.0.0.1", "[::1]", host, ...more];
}

/** The command line of `npm start`. */
export async function main(open?: StartOptions["open"]): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", short: "p" },
      host: { type: "string" },
      as: { type: "string" },
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
    onLog: values.quiet === true ? () => undefined : printLog,
    env: process.env,
    ...(open === undefined ? {} : { open }),
  });
  stopOnSignal(product);
  await product.ready;
  process.stdout.write(welcome(product, Date.now() - began));
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

function welcome({ url, token }: { url: string; token: string }, tookMs: number): string {
  return `
auterity is up after ${(tookMs / 1000).toFixed(1)} s: aws, azure and gcp, side by side

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
  -q, --quiet        do not print the functions' log lines
  -h, --help         this text

environment
  AUTERITY_DATA      folder of the database, token and keys (default .auterity)
  AUTERITY_TOKEN     bearer token of the API (default: made at first start)
  AUTERITY_HOSTS     further host names the gateway may be called by, comma separated
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
