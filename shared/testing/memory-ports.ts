import { memoryBlobs, type MemoryBlobs } from "#shared/blob";
import type { ActionCall, Ports } from "#shared/function";
import { Fault } from "#shared/errors";
import { staticIdentity } from "#shared/identity";
import { embeddedModels } from "#shared/models";
import { memoryQueue, type MemoryQueue } from "#shared/queue";
import { memorySecrets } from "#shared/secrets";
import { memoryState } from "#shared/state";
import { memoryTelemetry, type MemoryTelemetry } from "#shared/telemetry";
import { memoryTopic, type MemoryTopic, type Subscription } from "#shared/topic";
import { FakeClock } from "./fake-clock.ts";
import { seededRandom } from "./seeded-random.ts";

/** A host without a machine: every port in memory, time and chance under the test's control. */
export type MemoryPorts = Ports & {
  readonly clock: FakeClock;
  readonly queue: MemoryQueue;
  readonly topic: MemoryTopic;
  readonly blob: MemoryBlobs;
  readonly telemetry: MemoryTelemetry;
  /** The actions that were called, in order. */
  readonly called: ActionCall[];
};

export type MemoryPortsOptions = {
  readonly secrets?: Readonly<Record<string, string>>;
  /** Answers actions by id; an action without an answer is `not_found`. */
  readonly actions?: Readonly<Record<string, (call: ActionCall) => unknown>>;
  readonly settings?: Ports["settings"];
  /** Who gets which events, through which of the queues. */
  readonly subscriptions?: readonly Subscription[];
};

/** The token that {@link memoryPorts} knows, of tenant `default`. */
export const memoryToken = "memory-token";

/** Fresh ports for one test. */
export function memoryPorts(options: MemoryPortsOptions = {}): MemoryPorts {
  const clock = new FakeClock();
  const queue = memoryQueue(clock);
  const called: ActionCall[] = [];
  return {
    state: memoryState(),
    queue,
    topic: memoryTopic(queue, options.subscriptions),
    blob: memoryBlobs(clock),
    models: async () => embeddedModels(),
    secrets: memorySecrets(options.secrets ?? {}),
    telemetry: memoryTelemetry(),
    identity: staticIdentity({ [memoryToken]: { tenant: "default", subject: "test" } }),
    actions: {
      name: "memory",
      async call(call) {
        called.push(call);
        const answer = options.actions?.[call.action];
        if (answer !== undefined) return answer(call);
        throw new Fault("not_found", `actions.call: there is no "${call.action}"; add an answer`);
      },
    },
    clock,
    random: seededRandom(1),
    settings: options.settings ?? {},
    called,
  };
}
