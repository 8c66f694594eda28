import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Metafile } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";

// Without credentials a client cannot start, and says so, from inside the bundle, before it is on any network.
const entry = `
import { pubsubQueue } from "./queue-pubsub.ts";
import { secretManagerSecrets } from "./secrets-secret-manager.ts";
import { firestoreState } from "./state-firestore.ts";
const client = { keyFilename: "/no/such/key.json" };
const options = { project: "p", client };
const [state, queue, secrets] = [firestoreState(options), pubsubQueue(options), secretManagerSecrets(options)];
const messages = await Promise.all([
  state.read({ store: "s", partition: "p", sort: "k" }, undefined).catch((error) => error.message),
  queue.send("q", [{ body: "{}", delaySeconds: 0 }], undefined).catch((error) => error.message),
  secrets.read("name", undefined).catch((error) => error.message),
]);
process.stdout.write(messages.join("\\n"));
`;

// Google's packages are CommonJS: they ask for what such a module is given.
const banner = `
import { createRequire as createRequireForBundle } from "node:module";
const require = createRequireForBundle(import.meta.url);
const __dirname = import.meta.dirname;
const __filename = import.meta.filename;
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
    banner: { js: banner },
    metafile: true,
    logLevel: "error",
  });
  const env = { ...process.env, METADATA_SERVER_DETECTION: "none" };
  const run = promisify(execFile)(process.execPath, [join(folder, "stdin.mjs")], { env });
  const { stdout } = await run;
  expect(stdout.split("\n")).toHaveLength(3);
  for (const message of stdout.split("\n")) expect(message).toMatch(/\/no\/such\/key\.json/);
  const first = loadedFirst(metafile);
  expect(first.some((path) => path.endsWith("drivers/state-firestore.ts"))).toBe(true);
  expect(first.filter((path) => /google-gax|@google-cloud|@grpc/.test(path))).toEqual([]);
});

/** The sources in the first file and in what it imports statically. */
function loadedFirst({ outputs }: Metafile): string[] {
  const pending = Object.keys(outputs).filter((path) => outputs[path]?.entryPoint === "<stdin>");
  const sources: string[] = [];
  for (const path of pending) {
    const output = outputs[path];
    sources.push(...Object.keys(output?.inputs ?? {}));
    const imports = output?.imports.filter(({ kind }) => kind === "import-statement") ?? [];
    pending.push(...imports.map((one) => one.path).filter((one) => !pending.includes(one)));
  }
  return sources;
}
