import {
  type FiredTick,
  type FireSlot,
  fireSlots,
  slotName,
  type SlotStore,
} from "#shared/schedules";

/** The planted bug: whoever finds the lease over by its own clock runs, and nothing tells it that it is late. */
export async function leaseWithoutFence(
  rows: SlotStore,
  { schedule, slotMs, owner, leaseSeconds, clock }: FiredTick,
  fire: (slotMs: number) => Promise<void>,
): Promise<void> {
  const row = {
    schedule,
    slot: slotName(slotMs),
    fence: 0,
    owner,
    leaseEndsAtMs: clock.now() + leaseSeconds * 1000,
  };
  const taken = await rows.create({ ...row, status: "running" });
  const current = taken.ok ? undefined : taken.current?.value;
  if (current?.status === "done") return;
  if (current !== undefined && current.leaseEndsAtMs > clock.now()) {
    throw new Error("another run holds the lease");
  }
  await rows.put({ ...row, status: "running" }, { ifRev: "any" });
  await fire(slotMs);
  await rows.put({ ...row, status: "done" }, { ifRev: "any" });
}

const berlin = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Berlin",
  dateStyle: "short",
  timeStyle: "short",
  hourCycle: "h23",
});

/** The planted bug: a slot is what the wall clock shows, which on one night of the year shows an hour twice. */
export function onLocalTime(rows: SlotStore, tick: FiredTick, fire: FireSlot): Promise<void> {
  const [day = "", month = "", year = "", hour = "", minute = ""] = berlin
    .format(tick.slotMs)
    .split(/\D+/);
  const wallMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
  );
  const offsetMs = wallMs - tick.slotMs;
  return fireSlots(rows, { ...tick, slotMs: wallMs }, (dueMs, held) =>
    fire(dueMs - offsetMs, held),
  );
}
