import type { Random } from "#shared/function";
import type { OutgoingMessage, QueueDriver } from "#shared/queue";
import type { StateDriver } from "#shared/state";
import { disorder } from "./disorder.ts";
import { type FaultSource, type Injected, injectFaults, overlay } from "./inject-faults.ts";

const isDone = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "ok" in answer && answer.ok === true;

const onState = {
  read: { kind: "read" },
  list: { kind: "read" },
  write: { kind: "write", committed: isDone },
  transact: { kind: "write", committed: isDone },
} as const;

const onQueue = { send: { kind: "write" } } as const;

/** A store with faults. */
export function faultyState<D extends StateDriver>(
  driver: D,
  source: FaultSource,
): Injected<D, keyof typeof onState> {
  return injectFaults(driver, onState, source);
}

export type QueueDisorder = {
  readonly random: Pick<Random, "next">;
  /** The share of messages that arrive twice. */
  readonly duplicated?: number;
  /** The share of sends whose messages arrive in another order. */
  readonly reordered?: number;
};

/** A queue with faults, which delivers some messages twice or out of their order as every broker may. */
export function faultyQueue<D extends QueueDriver>(
  driver: D,
  source: FaultSource,
  disorderly?: QueueDisorder,
): Injected<D, keyof typeof onQueue> {
  const injected = injectFaults(driver, onQueue, source);
  if (disorderly === undefined) return injected;
  const inner = injected.driver;
  const send: QueueDriver["send"] = async (queue, messages, signal) => {
    const places = messages.map((_, place) => place);
    const order = disorder(places, disorderly);
    const outgoing = order.flatMap((place): OutgoingMessage[] => messages.slice(place, place + 1));
    const results = await inner.send(queue, outgoing, signal);
    return places.map((place) => results[order.indexOf(place)] ?? { ok: false, error: undefined });
  };
  return { ...injected, driver: overlay(inner, { send }) };
}
