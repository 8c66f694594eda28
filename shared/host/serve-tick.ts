import type { Tick } from "#shared/function";
import type { Binding } from "./bind.ts";
import type { InvocationMeta } from "./codecs.ts";
import { runOnce } from "./once.ts";

/** A moment of a schedule as the codec read it. */
export type Slot = { readonly slotMs: number; readonly firedAtMs: number };

/** Beyond this a tick counts as late: every cloud's own scheduler is precise to the minute. */
const LATE_AFTER_MS = 60_000;
/** Longer than any cloud repeats a tick (EventBridge Scheduler: 24 h). */
const SLOT_TTL_SECONDS = 2 * 86_400;

/**
 * The schedule half of a bound function. Each slot runs once however often and wherever it fires: three clouds
 * that run the same schedule, or one that delivers twice, meet in one fenced row per slot.
 */
export function createTickService(
  binding: Binding,
): (slot: Slot, meta: InvocationMeta) => Promise<void> {
  const { definition, ports } = binding;
  return async ({ slotMs, firedAtMs }, meta) => {
    const invocation = binding.invoke({
      id: meta.id,
      tenant: "default",
      traceparent: undefined,
      event: undefined,
      remainingMs: meta.remainingMs,
    });
    const tick: Tick = {
      slot: new Date(slotMs),
      firedAt: new Date(firedAtMs),
      late: firedAtMs - slotMs > LATE_AFTER_MS,
    };
    const prepared = definition.prepare(undefined, () => tick);
    const fenced = {
      name: definition.name,
      limits: definition.limits,
      idempotencyTtlSeconds: SLOT_TTL_SECONDS,
    };
    await invocation.run((ctx) =>
      runOnce(ports, ctx, fenced, `slot/${tick.slot.toISOString()}`, () => prepared.run(ctx)),
    );
  };
}
