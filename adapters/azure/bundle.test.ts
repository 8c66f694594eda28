import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Metafile } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";

// What the app's bundle does: imports the drivers, and uses one only when it is called. Nothing listens on port 1.
const entry = `
import { storageQueue } from "./queue-storage.ts";
import { serviceBusQueue } from "./queue-service-bus.ts";
import { keyVaultSecrets } from "./secrets-key-vault.ts";
import { cosmosState } from "./state-cosmos.ts";
import { tableState } from "./state-table.ts";
const host = "127.0.0.1:1";
const storage = ["Table", "Queue"].map((service) => service + "Endpoint=http://" + host + "/a;").join("");
const account = { connectionString: "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;" + storage };
const cosmos = { connectionString: "AccountEndpoint=http://" + host + "/;AccountKey=a2V5;" };
const bus = {
  connectionString: "Endpoint=sb://" + host + ";SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true",
};
const identity = { getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) };
const states = [tableState(account), cosmosState({ account: cosmos, database: "d", clock: Date })];
const queues = [storageQueue(account), serviceBusQueue({ account: bus, clock: Date })];
const secrets = keyVaultSecrets({ vaultUrl: "http://" + host, identity, emulator: true });
const codes = await Promise.all([
  ...states.map((state) => state.read({ store: "s", partition: "p", sort: "k" }, undefined).catch(state.codeOf)),
  ...queues.map((queue) => queue.send("q", [{ body: "{}", delaySeconds: 0 }], undefined).catch(queue.codeOf)),
  secrets.read("name", undefined).catch(secrets.codeOf),
]);
process.stdout.write(codes.join());
process.exit();
`;

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "auterity-"))));
afterAll(() => rm(folder, { recursive: true }));

it("drivers work in a bundle, and their SDKs are no part of what is loaded first", async () => {
  const { metafile } = await build({
    stdin: { contents: entry, resolveDir: join(import.meta.dirname, "drivers"), loader: "ts" },
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    splitting: true,
    outExtension: { ".js": ".mjs" },
    banner: {
      js: 'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);',
    },
    metafile: true,
    logLevel: "error",
  });
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "stdin.mjs")]);
  expect(stdout).toBe("unavailable,unavailable,unavailable,unavailable,unavailable");
  const first = loadedFirst(metafile);
  expect(first.some((path) => path.endsWith("drivers/state-table.ts"))).toBe(true);
  expect(first.filter((path) => /@azure\/|@typespec\/|rhea/.test(path))).toEqual([]);
});

/** What the first file holds, and the files that it imports statically. */
function loadedFirst({ outputs }: Metafile): string[] {
  const first = Object.values(outputs).filter(({ entryPoint }) => entryPoint === "<stdin>");
  for (const { imports } of first) {
    for (const { kind, path } of imports) {
      const imported = kind === "import-statement" ? outputs[path] : undefined;
      if (imported !== undefined && !first.includes(imported)) first.push(imported);
    }
  }
  return first.flatMap(({ inputs }) => Object.keys(inputs));
}
