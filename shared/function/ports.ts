import type { BlobDriver } from "#shared/blob";
import type { IdentityDriver } from "#shared/identity";
import type { OpenModels } from "#shared/models";
import type { QueueDriver } from "#shared/queue";
import type { SecretDriver } from "#shared/secrets";
import type { StateDriver } from "#shared/state";
import type { TelemetryDriver } from "#shared/telemetry";
import type { Settings } from "./settings.ts";
import type { TopicDriver } from "#shared/topic";

/** Time as a port: tests and the simulator set it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after the time or rejects with the signal's reason; leaves no timer behind. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Randomness as a port: seeds make a run repeatable. */
export interface Random {
  uuid(): string;
  /** A number in [0, 1). */
  next(): number;
  bytes(length: number): Uint8Array;
}

/** A call of another unit's action: `slack.post-message`, on a tenant's connection. */
export type ActionCall = {
  readonly action: string;
  readonly connection: string;
  readonly input: unknown;
  readonly tenant: string;
  readonly idempotencyKey: string | undefined;
  readonly traceparent: string;
  /** The webhook event in whose course this call is made. */
  readonly event: string | undefined;
};

/** Runs actions of integrations, wherever they are deployed. Throws a Fault when the action failed. */
export interface ActionDriver {
  readonly name: string;
  call(call: ActionCall, signal: AbortSignal | undefined): Promise<unknown>;
}

/** Takes what invocations without an answer of their own asked of other services. Never throws. */
export interface MeterDriver {
  /** `subject` is the function and the message's handle, or the slot; `lines` as the metering area writes them. */
  record(subject: string, lines: string): Promise<void>;
}

/** Everything a host offers. A function sees only the clients its `uses` grants. */
export type Ports = {
  readonly state: StateDriver;
  readonly queue: QueueDriver;
  readonly topic: TopicDriver;
  readonly blob: BlobDriver;
  /** Opened on first use, and there only for functions that use models: most need none, and a driver is not small. */
  readonly models?: OpenModels;
  readonly secrets: SecretDriver;
  readonly telemetry: TelemetryDriver;
  readonly identity: IdentityDriver;
  readonly actions: ActionDriver;
  /** There only where somebody keeps receipts of messages and ticks, as the local runtime does. */
  readonly meter?: MeterDriver;
  readonly clock: Clock;
  readonly random: Random;
  /** Settings of the deployment, such as base URLs; never a secret. */
  readonly settings: Settings;
};
