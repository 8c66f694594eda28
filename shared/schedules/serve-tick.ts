import { Fault } from "#shared/errors";
import { type Tick, toCron } from "#shared/function";
import type { Binding, BoundFunction, InvocationMeta, Slot } from "#shared/host";
import { openStore } from "#shared/state";
import { type FireSlot, fireSlots } from "./fire-slots.ts";
import { scheduleSlots } from "./schedule-slots.ts";

/** Beyond this a tick counts as late: every cloud's own scheduler is precise to the minute. */
const LATE_AFTER_MS = 60_000;

/**
 * The schedule half of a bound function. Each slot runs once however often and wherever it fires: three clouds that
 * run the same schedule, or one that delivers twice, meet in one fenced record per slot, in the store that they share.
 */
export function createTickService(binding: Binding): BoundFunction["tick"] {
  return (slot, meta) => fireTick(binding, slot, meta);
}

/** Runs a tick's slot, and what earlier slots owe, each in an invocation of its own. */
async function fireTick(
  binding: Binding,
  { slotMs, firedAtMs }: Slot,
  meta: InvocationMeta,
): Promise<void> {
  const { definition, ports } = binding;
  const { name: schedule, trigger, limits } = definition;
  if (trigger.kind !== "schedule") {
    throw new Fault(
      "failed_precondition",
      `schedules.tick: ${schedule} has no schedule; check its deployment`,
    );
  }
  const own = binding.invoke(initOf(meta));
  const invocations = [own];
  const rows = openStore(scheduleSlots, ports, own);
  const call = {
    schedule,
    slotMs,
    owner: meta.id,
    leaseSeconds: limits.timeoutSeconds,
    clock: ports.clock,
    cron: toCron(trigger.schedule),
    missed: trigger.missed,
  };
  const fire: FireSlot = async (dueMs, held) => {
    const late = firedAtMs - dueMs > LATE_AFTER_MS;
    const tick: Tick = { slot: new Date(dueMs), firedAt: new Date(firedAtMs), late, ...held };
    const prepared = definition.prepare(undefined, () => tick);
    const invocation = binding.invoke(initOf(meta));
    invocations.push(invocation);
    await invocation.run((ctx) => prepared.run(ctx));
  };
  try {
    await fireSlots(rows, call, fire);
  } finally {
    const used = invocations.flatMap((invocation) => invocation.used);
    await binding.report(`${schedule}/${slotMs}`, used);
  }
}

function initOf({ id, remainingMs }: InvocationMeta): Parameters<Binding["invoke"]>[0] {
  return { id, tenant: "default", traceparent: undefined, event: undefined, remainingMs };
}
