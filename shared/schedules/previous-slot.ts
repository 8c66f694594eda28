const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** From a leap day to the one before it may be eight years: 1900 and 2100 have none. */
const LONGEST_DAYS = 8 * 366;

const FIRST = [0, 0, 1, 1, 0];
const LAST = [59, 23, 31, 12, 6];

/**
 * The latest slot of a portable five-field cron (see `cron` in #shared/function) before a moment, in UTC; `undefined`
 * where there is none, as for the 31st of February. UTC has no daylight saving, so no slot is there twice.
 */
export function previousSlot(cron: string, beforeMs: number): number | undefined {
  const [minutes = [], hours = [], ...dates] = cron.split(" ").map(valuesOf);
  let dayMs = Math.floor((beforeMs - 1) / DAY_MS) * DAY_MS;
  for (let days = 0; days <= LONGEST_DAYS; days += 1, dayMs -= DAY_MS) {
    if (!isOnDay(dates, new Date(dayMs))) continue;
    for (const hour of hours.toReversed()) {
      const minute = minutes.findLast((each) => slotAt(dayMs, hour, each) < beforeMs);
      if (minute !== undefined) return slotAt(dayMs, hour, minute);
    }
  }
  return undefined;
}

function slotAt(dayMs: number, hour: number, minute: number): number {
  return dayMs + (hour * 60 + minute) * MINUTE_MS;
}

function isOnDay([days, months, weekdays]: readonly number[][], date: Date): boolean {
  return (
    days?.includes(date.getUTCDate()) === true &&
    months?.includes(date.getUTCMonth() + 1) === true &&
    weekdays?.includes(date.getUTCDay()) === true
  );
}

/** The values of a field in rising order. */
function valuesOf(field: string, index: number): number[] {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step = "1"] = part.split("/");
    const [from = "", to = from] = range.split("-");
    const isAll = range === "*";
    const last = isAll ? (LAST[index] ?? 0) : Number(to);
    for (let value = isAll ? (FIRST[index] ?? 0) : Number(from); value <= last;) {
      values.add(value);
      value += Number(step);
    }
  }
  return [...values].toSorted((a, b) => a - b);
}
