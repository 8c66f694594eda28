import { Fault } from "#shared/errors";
import type { Clock } from "#shared/function";
import type { Rev } from "#shared/state";
import type { ScheduleSlot, SlotStore } from "./schedule-slots.ts";

export type SlotCall = {
  readonly schedule: string;
  readonly slotMs: number;
  /** Who runs it: the invocation's id. */
  readonly owner: string;
  /** How long a run may last. */
  readonly leaseSeconds: number;
  /** How long the record is kept. */
  readonly keptSeconds: number;
  readonly clock: Pick<Clock, "now">;
};

/** A slot that is ours to run. */
export type HeldSlot = {
  /** The same for every run of the slot on every cloud; an effect that carries it can be recognised when repeated. */
  readonly key: string;
  /** Higher than that of every run before; what has seen a higher one must refuse this one's effects. */
  readonly fence: number;
};

/**
 * Two clocks that are each up to 10 s off, and a platform that takes its time to stop a run: a lease that has just
 * passed is not yet over.
 */
const MARGIN_MS = 30_000;

/**
 * Runs a slot if it is free: never run, failed, or held by a run that is long over. True if it ran, false if it was
 * done before. The record says who may run, under a number that grows with each run; every write to it is based on the
 * revision that took the slot.
 *
 * Throws `aborted` (with `retryAfterMs`) while another run holds the slot, and when this one has lost it meanwhile.
 * What the work throws goes through, and frees the slot for the next attempt.
 */
export async function runSlot(
  rows: SlotStore,
  call: SlotCall,
  work: (held: HeldSlot) => Promise<void>,
): Promise<boolean> {
  const { schedule, slotMs, keptSeconds: ttlSeconds } = call;
  const taken = await take(rows, call);
  if (taken === "done") return false;
  const { record, rev } = taken;
  try {
    await work({ key: slotKey(schedule, slotMs), fence: record.fence });
  } catch (thrown) {
    // If even this fails, the slot frees itself after the lease; the first failure is the one to report.
    await rows
      .put({ ...record, status: "failed" }, { ifRev: rev, ttlSeconds })
      .catch(() => undefined);
    throw thrown;
  }
  const done = await rows.put({ ...record, status: "done" }, { ifRev: rev, ttlSeconds });
  if (!done.ok && done.current?.value.status !== "done") throw lost(schedule);
  return true;
}

/** The name of a slot in the order of time. */
export function slotName(slotMs: number): string {
  return new Date(slotMs).toISOString();
}

function slotKey(schedule: string, slotMs: number): string {
  return `${schedule}@${slotName(slotMs)}`;
}

type Taken = { readonly record: ScheduleSlot; readonly rev: Rev };

async function take(rows: SlotStore, call: SlotCall): Promise<Taken | "done"> {
  const { schedule, slotMs, owner, clock, keptSeconds: ttlSeconds } = call;
  const nowMs = clock.now();
  const record: ScheduleSlot = {
    schedule,
    slot: slotName(slotMs),
    status: "running",
    fence: 1,
    owner,
    leaseEndsAtMs: nowMs + call.leaseSeconds * 1000,
  };
  const created = await rows.create(record, { ttlSeconds });
  if (created.ok) return { record, rev: created.rev };
  if (created.current === undefined) throw busy(schedule, 0);
  const { value: current, rev } = created.current;
  if (current.status === "done") return "done";
  const restMs = current.leaseEndsAtMs + MARGIN_MS - nowMs;
  if (current.status === "running" && restMs > 0) throw busy(schedule, restMs);
  const next = { ...record, fence: current.fence + 1 };
  const replaced = await rows.put(next, { ifRev: rev, ttlSeconds });
  if (!replaced.ok) throw busy(schedule, 0);
  return { record: next, rev: replaced.rev };
}

function busy(schedule: string, restMs: number): Fault {
  return new Fault(
    "aborted",
    `schedules.run: another run of ${schedule} holds this slot; deliver it again to be sure that it ends`,
    { origin: "platform", retryAfterMs: Math.max(1_000, restMs) },
  );
}

function lost(schedule: string): Fault {
  return new Fault(
    "aborted",
    `schedules.run: this run of ${schedule} took longer than it may and was replaced; deliver the slot again, or raise limits.timeoutSeconds`,
    { origin: "platform" },
  );
}
