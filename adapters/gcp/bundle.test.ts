import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Metafile } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";

// A connection is refused before a credential is used, so any will do.
const entry = `
import { pubsubQueue } from "./queue-pubsub.ts";
import { secretManagerSecrets } from "./secrets-secret-manager.ts";
import { firestoreState } from "./state-firestore.ts";
const credentials = { client_email: "nobody@example.com", private_key: "none" };
const options = { project: "p", client: { servicePath: "127.0.0.1", port: 1, credentials } };
const [state, queue, secrets] = [
  firestoreState(options), pubsubQueue(options), secretManagerSecrets(options),
];
const codes = await Promise.all([
  state.read({ store: "s", partition: "p", sort: "k" }, undefined).catch(state.codeOf),
  queue.send("q", [{ body: "{}", delaySeconds: 0 }], undefined).catch(queue.codeOf),
  secrets.read("name", undefined).catch(secrets.codeOf),
]);
process.stdout.write(codes.join());
process.exit();
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
  const program = join(folder, "stdin.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
  expect(stdout).toBe("unavailable,unavailable,unavailable");
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
