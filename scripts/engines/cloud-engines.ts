import type { StateDriver } from "#shared/state";
import type { QueueReceiver } from "#shared/queue";
import type { DeployManifest } from "#shared/plan";

/** The engines that stand for one cloud's services on this machine. */
export type CloudEngines = {
  /** Product names, for people. */
  readonly names: readonly string[];
  /** What a function's environment has to say to reach them. */
  readonly settings: Readonly<Record<string, string>>;
  /** The cloud's store, for who keeps it equal to the others. */
  readonly state: StateDriver;
  /** Takes messages from the cloud's queues, as its trigger would. */
  readonly receiver: QueueReceiver;
  /** Closes the store and the receiver, too. */
  stop(): Promise<void>;
};

/** Starts the engines of a cloud with what functions use there. Throws `EngineMissing` where the machine lacks one. */
export type StartEngines = (manifest: DeployManifest) => Promise<CloudEngines>;
