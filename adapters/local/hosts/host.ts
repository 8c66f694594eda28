import type { ChildProcess } from "node:child_process";
import type { HttpInput, HttpOutput, Trigger } from "#shared/function";
import type { Delivery, Settlement } from "#shared/host";

export type HostState = "starting" | "up" | "down";

/** One cloud's runtime on this machine: it runs the built bundles through that cloud's own contract. */
export interface CloudHost {
  readonly runtime: string;
  readonly state: HostState;
  /** Resolves when the host is up for the first time; rejects with `unavailable` when it cannot come up. */
  ready(): Promise<void>;
  /**
   * Rejects with `unavailable` or `deadline_exceeded` from `platform` when the runtime gave no answer. A signal hangs up
   * where the contract has that: an invocation of Lambda or Azure Functions runs to its end, and is billed to it.
   */
  http(fn: string, input: HttpInput, signal?: AbortSignal): Promise<HttpOutput>;
  /** One settlement per delivery, in their order. Rejects as {@link CloudHost.http}; nothing is settled then. */
  queue(fn: string, queue: string, deliveries: readonly Delivery[]): Promise<readonly Settlement[]>;
  /** Rejects when the function failed or the runtime gave no answer. */
  schedule(fn: string, slotMs: number, firedAtMs: number): Promise<void>;
  /** Ends the runtime's process; what is in flight is given up. */
  stop(): Promise<void>;
}

/** A function of a build. */
export type HostedFunction = {
  readonly name: string;
  readonly kind: Trigger["kind"];
  readonly memoryMb: number;
  /** Absolute path of its bundle; functions may share one. */
  readonly bundle: string;
};

export type HostOptions<Codecs> = {
  readonly functions: readonly HostedFunction[];
  /** The cloud's own: a host may not import them, adapters do not know each other. */
  readonly codecs: Codecs;
  /** The child's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Called with every child process that is started; the engine is served on its IPC channel. */
  readonly onChannel: (child: ChildProcess) => void;
  /** Gets each line that the runtime writes. */
  readonly onOutput: (line: string) => void;
  /** The most one invocation may take. */
  readonly timeoutMs: number;
};
