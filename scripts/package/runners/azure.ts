import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import azureAdapter from "../../../adapters/azure/adapter.ts";
import { azureHost } from "../../../adapters/local/hosts/azure.ts";
import { type Runner, type RunnerOptions, TIMEOUT_MS, unpack } from "./runner.ts";

const PackageJson = z.object({ main: z.string() });

/** The app in one worker under the contract of `@azure/functions-core`; what to load is in its package.json. */
export async function runAzure(options: RunnerOptions): Promise<Runner> {
  const { functions, folder, packageOf, settings } = options;
  const app = unpack(packageOf("app"), folder, "app");
  const { main } = PackageJson.parse(JSON.parse(readFileSync(join(app, "package.json"), "utf8")));
  const host = azureHost({
    functions: functions.map((name) => ({
      name,
      kind: "http",
      memoryMb: 256,
      bundle: join(app, main),
    })),
    codecs: azureAdapter.codecs,
    env: { PATH: process.env["PATH"] ?? "", ...settings },
    onChannel: () => undefined,
    // What is no record of ours is a complaint of the worker's.
    onOutput: (line) => void (line.startsWith("{") || process.stderr.write(`${line}\n`)),
    timeoutMs: TIMEOUT_MS,
  });
  await host.ready().catch(async (error: unknown) => {
    await host.stop();
    throw error;
  });
  return { request: (fn, input) => host.http(fn, input), stop: () => host.stop() };
}
