import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Fault } from "#shared/errors";
import { type Channel, openChannel } from "../ipc.ts";
import type { HostOptions, HostState } from "./host.ts";

export type ChildHostOptions = Pick<
  HostOptions<unknown>,
  "env" | "onChannel" | "onOutput" | "timeoutMs"
> & {
  readonly runtime: string;
  /** The child's program; it says through `joinParent` when it can take invocations. */
  readonly script: URL;
  /** Handed to the program as JSON, in its first argument. */
  readonly setup: unknown;
  /** Gets what each start of the program says when it is ready. */
  readonly onReady?: (detail: unknown) => void;
  /** Called whenever the program is gone. */
  readonly onDown?: () => void;
};

/** Restarts wait twice as long each time, up to this; a program that ran for a while starts over. */
const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 5_000;
const STEADY_AFTER_MS = 10_000;
/** A program that never came up so often is broken: restarting it would only hide why. */
const MAX_FIRST_STARTS = 3;
/** How long a program may take to end by itself. */
const TERM_GRACE_MS = 2_000;

/** A runtime in a child process: started, watched, started again after a crash, and ended with us. */
export class ChildHost {
  readonly #options: ChildHostOptions;
  readonly #ready = Promise.withResolvers<void>();
  #state: HostState = "starting";
  #child: ChildProcess | undefined;
  #channel: Channel | undefined;
  #restart: NodeJS.Timeout | undefined;
  #failedStarts = 0;
  #wasUp = false;
  #stopping = false;

  constructor(options: ChildHostOptions) {
    this.#options = options;
    // Whoever does not wait for it must not be taken down by it.
    this.#ready.promise.catch(() => undefined);
    this.#start();
  }

  get state(): HostState {
    return this.#state;
  }

  /** The current process, for tests that kill it. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the program is up for the first time; rejects with `unavailable` when it cannot come up. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  /**
   * Asks the program. Rejects from `platform` with `unavailable` when it is or goes down, and with
   * `deadline_exceeded` after the time; what the program itself throws comes through.
   */
  call(method: string, params: unknown): Promise<unknown> {
    const channel = this.#channel;
    if (channel === undefined || this.#state !== "up") return Promise.reject(this.#isDown());
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(this.#isLate()), this.#options.timeoutMs);
    return channel.call(method, params, abort.signal).finally(() => clearTimeout(timer));
  }

  /** Ends the program for good: asked first, killed when it does not listen. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#ready.reject(this.#isDown());
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    const timer = setTimeout(() => child.kill("SIGKILL"), TERM_GRACE_MS);
    child.kill("SIGTERM");
    await gone;
    clearTimeout(timer);
  }

  #start(): void {
    const { script, setup, env, onChannel } = this.#options;
    this.#state = "starting";
    const child = fork(fileURLToPath(script), [JSON.stringify(setup)], {
      env: { ...env },
      execArgv: [],
      // Bytes cross as bytes: https://nodejs.org/api/child_process.html#advanced-serialization
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    const startedMs = Date.now();
    this.#forwardOutput(child);
    onChannel(child);
    this.#channel = openChannel(child);
    child.on("error", (error) => {
      this.#options.onOutput(`host: ${error.message}`);
      // A process that could not be started never exits.
      if (child.pid === undefined) this.#down(0);
    });
    child.once("exit", () => this.#down(Date.now() - startedMs));
    this.#channel.call("host.ready", null).then(
      (detail) => this.#up(detail),
      // It is gone before it was ready, which its exit tells as well.
      () => undefined,
    );
  }

  #forwardOutput({ stdout, stderr }: ChildProcess): void {
    for (const input of [stdout, stderr]) {
      if (input !== null) createInterface({ input }).on("line", this.#options.onOutput);
    }
  }

  #up(detail: unknown): void {
    this.#options.onReady?.(detail);
    this.#state = "up";
    this.#wasUp = true;
    this.#ready.resolve();
  }

  #down(uptimeMs: number): void {
    this.#state = "down";
    this.#channel?.close();
    this.#channel = undefined;
    this.#options.onDown?.();
    if (this.#stopping) return;
    this.#failedStarts = uptimeMs > STEADY_AFTER_MS ? 1 : this.#failedStarts + 1;
    if (!this.#wasUp && this.#failedStarts >= MAX_FIRST_STARTS) {
      this.#ready.reject(this.#isDown());
      return;
    }
    const waitMs = Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** (this.#failedStarts - 1));
    this.#options.onOutput(`host: ${this.#options.runtime} went down; starting again`);
    this.#restart = setTimeout(() => this.#start(), waitMs);
  }

  #isDown(): Fault {
    return new Fault(
      "unavailable",
      `${this.#options.runtime}.host: the runtime is down; try again shortly`,
      { origin: "platform", retryAfterMs: 1_000 },
    );
  }

  #isLate(): Fault {
    const { runtime, timeoutMs } = this.#options;
    return new Fault(
      "deadline_exceeded",
      `${runtime}.host: no answer within ${timeoutMs} ms; do less per invocation`,
      { origin: "platform" },
    );
  }
}
