import type { Binding } from "./bind.ts";
import type { InvocationMeta } from "./codecs.ts";

/** A moment of a schedule as the codec read it. */
export type Slot = { readonly slotMs: number; readonly firedAtMs: number };

/**
 * The schedule half of a bound function. Each slot runs once however often and wherever it fires: three clouds that
 * run the same schedule, or one that delivers twice, meet in one fenced record per slot, in the store that they share.
 */
export function createTickService(
  binding: Binding,
): (slot: Slot, meta: InvocationMeta) => Promise<void> {
  return async (slot, meta) => {
    // What only scheduled functions need is no part of what an app of many functions loads at its start.
    const { fireTick } = await import("./fire-tick.ts");
    await fireTick(binding, slot, meta);
  };
}
