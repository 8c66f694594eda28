import { Fault } from "#shared/errors";
import { previousSlot } from "./previous-slot.ts";
import { type HeldSlot, runSlot, type SlotCall, slotName } from "./run-slot.ts";
import type { SlotStore } from "./schedule-slots.ts";

/** A tick of a schedule, wherever it was delivered. */
export type FiredTick = Omit<SlotCall, "keptSeconds"> & {
  /** Five fields, UTC. */
  readonly cron: string;
  readonly missed: "skip" | "once";
};

export type FireSlot = (slotMs: number, held: HeldSlot) => Promise<void>;

/** Records outlive every repeat of a tick (EventBridge Scheduler: 24 h), and the wait for the next slot. */
const LEAST_KEPT_SECONDS = 2 * 86_400;
const KEPT_INTERVALS = 3;
/** How many of the latest slots are looked at for those that were begun and not ended. */
const LOOK_BACK = 10;
/**
 * Runs the slot of a tick, and before it what earlier slots owe: those that were begun and never ended, and with
 * `missed: "once"` the latest that passed while nothing ran. Each slot runs once however many deployments fire it. A
 * schedule owes nothing for the time before its first slot.
 *
 * Throws as {@link runSlot} does for the tick's own slot; what is owed fails without keeping it from running, and is
 * thrown afterwards.
 */
export async function fireSlots(rows: SlotStore, tick: FiredTick, fire: FireSlot): Promise<void> {
  const { cron, slotMs } = tick;
  const previousMs = previousSlot(cron, slotMs);
  const intervalSeconds = previousMs === undefined ? 0 : (slotMs - previousMs) / 1000;
  const keptSeconds = Math.max(LEAST_KEPT_SECONDS, KEPT_INTERVALS * intervalSeconds);
  const run = (dueMs: number): Promise<boolean> =>
    runSlot(rows, { ...tick, slotMs: dueMs, keptSeconds }, (held) => fire(dueMs, held));
  let failure: unknown;
  for (const owedMs of await owedSlots(rows, tick, previousMs)) {
    await run(owedMs).catch((thrown: unknown) => {
      if (!isHeld(thrown)) failure = thrown;
    });
    // A handler that always fails must not run for every slot it owes, each time.
    if (failure !== undefined) break;
  }
  await run(slotMs);
  if (failure !== undefined) throw failure;
}

/** Those that ran least come first, so that one which always fails keeps no other from its turn. */
async function owedSlots(
  rows: SlotStore,
  { schedule, slotMs, missed }: FiredTick,
  previousMs: number | undefined,
): Promise<number[]> {
  const { items } = await rows.list(schedule, { order: "desc", limit: LOOK_BACK });
  const earlier = items
    .map(({ value }) => value)
    .filter(({ slot }) => slot < slotName(slotMs))
    .toReversed();
  const begun = earlier
    .filter(({ status }) => status !== "done")
    .toSorted((a, b) => a.fence - b.fence)
    .map(({ slot }) => Date.parse(slot));
  const latest = earlier.at(-1);
  if (missed === "skip" || latest === undefined || previousMs === undefined) return begun;
  return latest.slot < slotName(previousMs) ? [previousMs, ...begun] : begun;
}

/** Whoever holds an earlier slot ends it, or leaves it to a later tick. */
function isHeld(thrown: unknown): boolean {
  return Fault.is(thrown) && thrown.code === "aborted";
}
