import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "#shared/testing";
import gcpAdapter from "../../../adapters/gcp/adapter.ts";
import { callContainer } from "../../../adapters/local/hosts/gcp-client.ts";
import { type Runner, type RunnerOptions, TIMEOUT_MS, unpack } from "./runner.ts";

const { http } = gcpAdapter.codecs;
const FRAMEWORK = "@google-cloud/functions-framework";
const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

type Container = { readonly child: ChildProcess; readonly port: number };

/** Each function in a process of its own under the Functions Framework, as in its container. */
export async function runGcp(options: RunnerOptions): Promise<Runner> {
  const { functions } = options;
  const started = await Promise.all(functions.map((name) => startContainer(name, options)));
  const containers = new Map(started.map((container, index) => [functions[index], container]));
  const agent = new Agent({ keepAlive: true });
  return {
    async request(fn, input) {
      const port = containers.get(fn)?.port ?? 0;
      const to = { port, agent, timeoutMs: TIMEOUT_MS };
      return http.render(await callContainer(to, http.emulate(input)));
    },
    async stop() {
      agent.destroy();
      for (const { child } of started) child.kill("SIGKILL");
    },
  };
}

async function startContainer(name: string, options: RunnerOptions): Promise<Container> {
  const source = unpack(options.packageOf(name), options.folder, name);
  // What the build in the cloud would install of the generated package.json, and no more.
  mkdirSync(join(source, "node_modules/@google-cloud"), { recursive: true });
  symlinkSync(join(modules, FRAMEWORK), join(source, "node_modules", FRAMEWORK));
  const program = join(modules, FRAMEWORK, "build/src/main.js");
  const port = await freePort();
  const args = [program, `--target=${name}`, `--source=${source}`, `--port=${port}`];
  const child = spawn(process.execPath, args, {
    cwd: source,
    env: { PATH: process.env["PATH"], ...options.settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await isUp(name, child).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  return { child, port };
}

/** The framework names its address when it listens. Throws when it ends before. */
async function isUp(name: string, child: ChildProcess): Promise<void> {
  const up = Promise.withResolvers<void>();
  child.once("exit", (code) => up.reject(new Error(`${name} ended with ${code} before it was up`)));
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("URL: ")) up.resolve();
    });
  }
  await up.promise;
}
