export { type FiredTick, type FireSlot, fireSlots } from "./fire-slots.ts";
export { previousSlot } from "./previous-slot.ts";
export { type HeldSlot, runSlot, type SlotCall, slotName } from "./run-slot.ts";
export { ScheduleSlot, scheduleSlots, type SlotStore } from "./schedule-slots.ts";
export { createTickService } from "./serve-tick.ts";
