import type { FunctionDefinition } from "#shared/function";
import { decodeEnvelope, type Envelope, type QueueDriver } from "#shared/queue";
import type { Delivery } from "./codecs.ts";
import type { EntryHarness, RunningEntry } from "./entry-harness.ts";
import { type ConformancePorts, conformancePorts } from "./ports.conformance.ts";

/** A message that a function sent, as the broker got it. */
export type Sent = { readonly envelope: Envelope; readonly delaySeconds: number };

/** A broker around one entry: it delivers by hand, and notes what is sent. */
export type Broker = {
  /** Starts a function and delivers messages to it, a batch at a time; gives which of them were settled. */
  deliver(definition: FunctionDefinition, ...batches: Delivery[][]): Promise<boolean[]>;
  /** What was sent since the last look, by queue. */
  sent(queue: string): Sent[];
  readonly ports: ConformancePorts;
  stop(): Promise<void>;
};

/** A broker for the functions of one test. */
export function brokerOf(harness: EntryHarness): Broker {
  const running: RunningEntry[] = [];
  const sent = new Map<string, Sent[]>();
  const memory = conformancePorts();
  const send: QueueDriver["send"] = async (name, messages) => {
    const list = sent.get(name) ?? [];
    sent.set(name, list);
    for (const { body, delaySeconds } of messages) {
      list.push({ envelope: decodeEnvelope(body), delaySeconds });
    }
    return messages.map(() => ({ ok: true }));
  };
  const ports = conformancePorts({ queue: { ...memory.queue, send } });
  return {
    ports,
    async deliver(definition, ...batches) {
      const entry = await harness.start(definition, ports);
      running.push(entry);
      const settled: boolean[] = [];
      for (const batch of batches) {
        settled.push(...(await entry.queue("to-crm", batch)).map(({ done }) => done));
      }
      return settled;
    },
    sent: (name) => sent.get(name)?.splice(0) ?? [],
    async stop() {
      for (const entry of running) await entry.stop();
    },
  };
}
