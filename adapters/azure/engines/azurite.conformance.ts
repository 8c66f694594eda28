import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A running Azurite: https://github.com/Azure/Azurite */
export type Azurite = {
  readonly connectionString: string;
  /** Sets how far its clock is ahead of the machine's. */
  moveClock(aheadMs: number): Promise<void>;
  stop(): Promise<void>;
};

// Public, the same in every installation: https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key
const ACCOUNT = "devstoreaccount1";
const KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** Starts it on free ports with nothing on disk; resolves when it listens, rejects when it cannot. */
export async function startAzurite(): Promise<Azurite> {
  const program = fileURLToPath(import.meta.resolve("azurite/dist/src/azurite.js"));
  const child = spawn(
    process.execPath,
    [
      "--import",
      fileURLToPath(new URL("azurite-clock.conformance.ts", import.meta.url)),
      program,
      "--inMemoryPersistence",
      // The SDKs ask for API versions that Azurite does not know yet.
      "--skipApiVersionCheck",
      "--silent",
      "--disableTelemetry",
      "--blobPort=0",
      "--queuePort=0",
      "--tablePort=0",
    ],
    { stdio: ["ignore", "pipe", "inherit", "ipc"] },
  );
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const urls = await addresses(child);
  const endpoints = ["Blob", "Queue", "Table"].map(
    (service) => `${service}Endpoint=${urls.get(service)}/${ACCOUNT}`,
  );
  return {
    connectionString: [
      "DefaultEndpointsProtocol=http",
      `AccountName=${ACCOUNT}`,
      `AccountKey=${KEY}`,
      ...endpoints,
    ].join(";"),
    async moveClock(aheadMs) {
      const moved = once(child, "message");
      child.send(aheadMs);
      await moved;
    },
    async stop() {
      process.off("exit", kill);
      const exited = once(child, "exit");
      kill();
      await exited;
    },
  };
}

async function addresses(child: ChildProcess): Promise<ReadonlyMap<string, string>> {
  const urls = new Map<string, string>();
  if (child.stdout === null) return urls;
  for await (const line of createInterface({ input: child.stdout })) {
    const [, service = "", url = ""] = /(\w+) service .*listening at (\S+)/.exec(line) ?? [];
    if (url !== "") urls.set(service, url);
    if (service === "Table") return urls;
  }
  throw new Error("azurite ended before it listened");
}
