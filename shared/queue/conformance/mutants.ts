import { overlay } from "#shared/faults";
import type { Mutant } from "#shared/testing";
import type { OutgoingMessage, QueueDriver } from "../driver.ts";

/** Defects that drivers of queues have had, here and elsewhere. */
export function queueMutants<D extends QueueDriver>(): readonly Mutant<D>[] {
  return [
    mutant("loses the last message of a batch", ["Q17"], (driver) => async (queue, all, signal) => {
      const few = all.length > 1 ? all.slice(0, -1) : all;
      await driver.send(queue, few, signal);
      return all.map(() => ({ ok: true }));
    }),
    mutant("sends every message twice", ["Q16", "Q18"], (driver) => async (queue, all, signal) => {
      await driver.send(queue, all, signal);
      return driver.send(queue, all, signal);
    }),
    mutant(
      "ignores a delay",
      ["Q19"],
      (driver) => (queue, all, signal) => driver.send(queue, all.map(undelayed), signal),
    ),
    mutant(
      "puts all queues into one",
      ["Q16", "Q18"],
      (driver) => (_, all, signal) => driver.send("conformance-b", all, signal),
    ),
    mutant(
      "keeps no character beyond ASCII",
      ["Q16", "Q20"],
      (driver) => (queue, all, signal) => driver.send(queue, all.map(inAscii), signal),
    ),
    mutant(
      "swallows errors",
      ["Q23"],
      (driver) => (queue, all, signal) =>
        driver.send(queue, all, signal).catch(() => all.map(() => ({ ok: true }))),
    ),
  ];
}

function mutant<D extends QueueDriver>(
  defect: string,
  caughtBy: readonly string[],
  change: (driver: QueueDriver) => QueueDriver["send"],
): Mutant<D> {
  return { defect, caughtBy, wrap: (driver) => overlay(driver, { send: change(driver) }) };
}

function undelayed(message: OutgoingMessage): OutgoingMessage {
  return { ...message, delaySeconds: 0 };
}

function inAscii({ body, delaySeconds }: OutgoingMessage): OutgoingMessage {
  return { body: body.replaceAll(/[^ -~]/gu, "?"), delaySeconds };
}
