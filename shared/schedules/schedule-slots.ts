import { type Store, store } from "#shared/state";
import * as z from "zod";

export const ScheduleSlot = z.object({
  /** The function's name. */
  schedule: z.string(),
  /** The moment, in ISO 8601, UTC. */
  slot: z.string(),
  status: z.enum(["running", "failed", "done"]),
  /** Counts the runs of this slot: who holds a lower one has been given up. */
  fence: z.int(),
  /** The invocation that holds it, for people who look. */
  owner: z.string(),
  /** By the owner's clock. */
  leaseEndsAtMs: z.number(),
});

export type ScheduleSlot = z.infer<typeof ScheduleSlot>;

/** What came of each slot, in the one store that all deployments of a schedule share. */
export const scheduleSlots = store("schedule-slots", {
  schema: ScheduleSlot,
  partition: "schedule",
  sort: "slot",
  ttl: true,
  acrossClouds: "home",
});

export type SlotStore = Pick<
  Store<ScheduleSlot, Pick<ScheduleSlot, "schedule" | "slot">>,
  "create" | "put" | "list"
>;
