import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { devNull, homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../shared/testing/listen.ts";
import { type EmulatorClient, emulatorClient } from "../drivers/emulator-client.ts";
import { EngineMissing, type TestEngine } from "#shared/testing";

/** One of the emulators that come with gcloud as Java archives. */
export type JavaEmulator = TestEngine & { readonly client: EmulatorClient };

type Emulator = {
  readonly name: string;
  /** Names the archive where it is in no usual place. */
  readonly variable: string;
  /** Where it is inside an installation of gcloud. */
  readonly folder: string;
  readonly archive: RegExp;
  readonly mainClass: string;
};

const READY_ATTEMPTS = 300;
const READY_EVERY_MS = 100;

/** Where gcloud's installers put it: https://cloud.google.com/sdk/docs/install */
const INSTALLATIONS = [
  "/usr/lib/google-cloud-sdk",
  "/usr/share/google-cloud-sdk",
  "/opt/google-cloud-sdk",
  "/opt/homebrew/share/google-cloud-sdk",
  "/snap/google-cloud-cli/current",
  join(homedir(), "google-cloud-sdk"),
];

/** Starts an emulator on a free port. Throws {@link EngineMissing} without its archive or without Java. */
export async function startJavaEmulator(emulator: Emulator): Promise<JavaEmulator> {
  const archive = findArchive(emulator);
  if (spawnSync("java", ["-version"]).status !== 0) {
    throw new EngineMissing(`${emulator.name} needs Java; install a JRE`);
  }
  const port = await freePort();
  const address = ["--host=127.0.0.1", `--port=${port}`];
  // Without the switch it writes a stack trace for every refused write.
  const quiet = `-Djava.util.logging.config.file=${devNull}`;
  const options = ["-Xmx512m", quiet, "-cp", archive, emulator.mainClass, ...address];
  const child = spawn("java", options, { stdio: "ignore" });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const exited = once(child, "exit");
  await answers(port, () => child.exitCode !== null);
  return {
    client: await localClient(port),
    async stop() {
      process.off("exit", kill);
      kill();
      await exited;
    },
  };
}

/** The client options for a gRPC server on this machine. */
export async function localClient(port: number): Promise<EmulatorClient> {
  // Off Google's machines the search for a metadata server only costs time and prints warnings.
  process.env["METADATA_SERVER_DETECTION"] = "none";
  return emulatorClient(`127.0.0.1:${port}`);
}

function findArchive({ name, variable, folder, archive }: Emulator): string {
  const named = process.env[variable];
  if (named !== undefined) return named;
  const folders = [...INSTALLATIONS, ...installationsOnPath()].map((root) => join(root, folder));
  for (const place of folders.filter((candidate) => existsSync(candidate))) {
    const file = readdirSync(place).find((entry) => archive.test(entry));
    if (file !== undefined) return join(place, file);
  }
  throw new EngineMissing(`${name} is not installed; install it with gcloud or set ${variable}`);
}

function installationsOnPath(): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const commands = folders
    .map((folder) => join(folder, "gcloud"))
    .filter((file) => existsSync(file));
  return commands.map((file) => dirname(dirname(realpathSync(file))));
}

/** Any answer over HTTP will do: both speak it beside gRPC on their one port. */
async function answers(port: number, isDead: () => boolean): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer();
      return;
    } catch (error) {
      if (attempt === READY_ATTEMPTS || isDead()) throw error;
      await sleep(READY_EVERY_MS);
    }
  }
}
