import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";

// What a function's bundle does: imports the drivers, and uses one only when it is called.
const entry = `
import { sqsQueue } from "./queue-sqs.ts";
import { secretsManager } from "./secrets-manager.ts";
import { dynamoDbState } from "./state-dynamodb.ts";
const endpoint = "http://127.0.0.1:1";
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const to = { region: "eu-central-1", endpoint, credentials, table: "t", baseUrl: endpoint };
const [state, queue, secrets] = [dynamoDbState(to), sqsQueue(to), secretsManager(to)];
const codes = await Promise.all([
  state.read({ store: "s", partition: "p", sort: "k" }, undefined).catch(state.codeOf),
  queue.send("q", [{ body: "{}", delaySeconds: 0 }], undefined).catch(queue.codeOf),
  secrets.read("name", undefined).catch(secrets.codeOf),
]);
process.stdout.write(codes.join());
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
  expect(stdout).toBe("unavailable,unavailable,unavailable");
  const outputs = new Map(Object.entries(metafile.outputs));
  const first = [...outputs.values()].filter(({ entryPoint }) => entryPoint === "<stdin>");
  // Also what the first file imports statically.
  for (const { imports } of first) {
    for (const { kind, path } of imports) {
      const imported = kind === "import-statement" ? outputs.get(path) : undefined;
      if (imported !== undefined && !first.includes(imported)) first.push(imported);
    }
  }
  const inputs = first.flatMap((output) => Object.keys(output.inputs));
  expect(inputs.some((path) => path.includes("drivers/state-dynamodb.ts"))).toBe(true);
  expect(inputs.filter((path) => /@aws-sdk|@smithy/.test(path))).toEqual([]);
});
