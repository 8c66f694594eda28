import { type Schedule, toCron } from "#shared/function";

/** The numbers that a field of a cron stands for: `*`, numbers, lists, ranges and steps. */
export function numbersOf(field: string, min: number, max: number): number[] {
  const all = field.split(",").flatMap((part) => {
    const [range = "", step = "1"] = part.split("/");
    const [first = min, last = range === "*" ? max : first] =
      range === "*" ? [] : range.split("-").map(Number);
    const count = Math.max(0, Math.floor((last - first) / Number(step)) + 1);
    return Array.from({ length: count }, (_, index) => first + index * Number(step));
  });
  return [...new Set(all)].toSorted((a, b) => a - b);
}

const DAY_MS = 86_400_000;
/** Four years beginning with a Thursday, as any others with one leap year in them. */
const CYCLE_DAYS = 4 * 365 + 1;

/** How often a schedule fires in an average month. */
export function firesPerMonth(schedule: Schedule): number {
  const [minute = "*", hour = "*", dayOfMonth = "*", month = "*", dayOfWeek = "*"] =
    toCron(schedule).split(" ");
  const days = new Set(numbersOf(dayOfMonth, 1, 31));
  const months = new Set(numbersOf(month, 1, 12));
  const weekdays = new Set(numbersOf(dayOfWeek, 0, 6));
  const fits = Array.from({ length: CYCLE_DAYS }, (_, day) => new Date(day * DAY_MS)).filter(
    (date) =>
      days.has(date.getUTCDate()) &&
      months.has(date.getUTCMonth() + 1) &&
      weekdays.has(date.getUTCDay()),
  );
  const perDay = numbersOf(minute, 0, 59).length * numbersOf(hour, 0, 23).length;
  return (fits.length / 48) * perDay;
}
