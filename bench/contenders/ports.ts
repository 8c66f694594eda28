import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Ports } from "../../shared/function/index.ts";
import { staticIdentity } from "../../shared/identity/index.ts";
import { memoryQueue } from "../../shared/queue/index.ts";
import { memorySecrets } from "../../shared/secrets/index.ts";
import { memoryState } from "../../shared/state/index.ts";
import type { TelemetryDriver } from "../../shared/telemetry/index.ts";

const silent: TelemetryDriver = {
  name: "silent",
  log: () => undefined,
  metric: () => undefined,
  span: () => undefined,
  flush: async () => undefined,
};

/** Ports over memory with the machine's clock and randomness: a host that costs nothing of its own. */
export function benchPorts(telemetry: TelemetryDriver = silent): Ports {
  const clock: Ports["clock"] = {
    now: () => Date.now(),
    sleep: (milliseconds, signal) => delay(milliseconds, undefined, signal && { signal }),
  };
  return {
    state: memoryState(),
    queue: memoryQueue(clock),
    secrets: memorySecrets({}),
    telemetry,
    identity: staticIdentity({}),
    actions: {
      name: "none",
      call: async ({ action }) => {
        throw new Error(`no action ${action} here`);
      },
    },
    clock,
    random: {
      uuid: () => randomUUID(),
      next: () => randomBytes(4).readUInt32BE() / 2 ** 32,
      bytes: (length) => randomBytes(length),
    },
    settings: {},
  };
}
