import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isUp } from "../demo/product-client.ts";
import { isRunning, processTree } from "./process-tree.ts";

export type ProductProcessOptions = {
  readonly url: string;
  /** The script that starts it, relative to this file. */
  readonly script: string;
  /** On top of this process's own. */
  readonly env: Readonly<Record<string, string>>;
};

/** Long enough for a slow machine; a product that needs longer has failed to start. */
const START_MS = 60_000;
const REAP_MS = 5_000;

/** The product in a process group of its own, to be killed as a whole. */
export class ProductProcess {
  readonly #options: ProductProcessOptions;
  #child: ChildProcess | undefined;
  #output = "";
  #closed = false;

  constructor(options: ProductProcessOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#closed) throw new Error("the crash run was stopped");
    const script = fileURLToPath(new URL(this.#options.script, import.meta.url));
    const child = spawn(process.execPath, [script, "--quiet"], {
      detached: true,
      env: { ...process.env, ...this.#options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#output = "";
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-4_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    this.#child = child;
  }

  /** The process that was started last, while it runs. */
  get pid(): number | undefined {
    return this.#child?.exitCode === null ? this.#child.pid : undefined;
  }

  /** Throws with the last output when it does not come up. */
  async ready(): Promise<void> {
    const endMs = Date.now() + START_MS;
    while (!(await isUp(this.#options.url, 500))) {
      if (this.#child?.exitCode === null && Date.now() < endMs) continue;
      throw new Error(`the product did not come up: ${this.#output}`);
    }
  }

  /** Kills it for good: whoever wants to start it again is too late. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.kill();
  }

  /** SIGKILL to every process of the group at once; resolves when all are gone, throws when one survives. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const tree = processTree(child.pid);
    const gone = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await gone;
    const endMs = Date.now() + REAP_MS;
    for (;;) {
      const survivors = tree.filter(isRunning);
      if (survivors.length === 0) return;
      const pids = survivors.map(({ pid }) => pid).join(", ");
      if (Date.now() > endMs) throw new Error(`survived the SIGKILL to their group: ${pids}`);
      await sleep(20);
    }
  }
}
