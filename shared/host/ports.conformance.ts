import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock, Ports, Random } from "#shared/function";
import { type Identity, staticIdentity } from "#shared/identity";
import { memoryQueue, type MemoryQueue } from "#shared/queue";
import { type MemoryTelemetry, memoryTelemetry } from "#shared/telemetry";
import { memoryPorts } from "#shared/testing";

/** Ports over memory, with the real clock, and what a test looks into. */
export type ConformancePorts = Ports & {
  readonly queue: MemoryQueue;
  readonly telemetry: MemoryTelemetry;
};

/** Bearer tokens `token-0` … `token-63`, each of its own tenant `tenant-0` … `tenant-63`. */
export const TENANTS = 64;

const clock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, signal && { signal }),
};

const random: Random = {
  uuid: () => randomUUID(),
  next: () => randomBytes(4).readUInt32BE() / 2 ** 32,
  bytes: (length) => randomBytes(length),
};

/** Fresh ports for one test. */
export function conformancePorts(overrides: Partial<Ports> = {}): ConformancePorts {
  const tokens: Record<string, Identity> = {};
  const secrets: Record<string, string> = {};
  for (let index = 0; index < TENANTS; index++) {
    tokens[`token-${index}`] = { tenant: `tenant-${index}`, subject: `subject-${index}` };
    secrets[`conformance/secret-${index}`] = `secret-of-${index}`;
  }
  return {
    ...memoryPorts({ secrets }),
    identity: staticIdentity(tokens),
    clock,
    random,
    ...overrides,
    queue: { ...memoryQueue(), ...overrides.queue },
    telemetry: memoryTelemetry(),
  };
}
