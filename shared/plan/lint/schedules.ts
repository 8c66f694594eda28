import { Fault } from "#shared/errors";
import { cron, every, type Schedule, toCron } from "#shared/function";
import { numbersOf } from "../schedule-times.ts";
import { cloudsOf, type Finding, type LintInput } from "./finding.ts";

/**
 * Schedules that mean something else on one cloud, or nothing at all. `cron()` and `every()` refuse most of it; here
 * are hand-made values, and what only the whole expression shows.
 */
export function scheduleMeanings(input: LintInput): Finding[] {
  return input.functions.flatMap((definition): Finding[] => {
    const { name, trigger } = definition;
    if (trigger.kind !== "schedule") return [];
    const wrong = [
      ...refused(trigger.schedule),
      ...neverFires(toCron(trigger.schedule)),
      ...cloudsOf(input, definition).flatMap(({ target, schedule }) => {
        const meant = toCron(trigger.schedule);
        const understood = schedule.parse(schedule.compile(trigger.schedule));
        return understood === meant
          ? []
          : [`"${meant}" becomes "${understood}" on ${target}; write it otherwise`];
      }),
    ];
    const subject = { kind: "function", name } as const;
    // The first says it: an expression that is refused is also misunderstood.
    return wrong
      .slice(0, 1)
      .map((message) => ({ severity: "error", rule: "schedule", subject, message }));
  });
}

function refused(schedule: Schedule): string[] {
  try {
    if (schedule.kind === "cron") cron(schedule.cron);
    else every(schedule.count, schedule.unit);
    return [];
  } catch (thrown) {
    if (!Fault.is(thrown)) throw thrown;
    return [thrown.message];
  }
}

const LONGEST_MONTH: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function neverFires(expression: string): string[] {
  const [, , dayOfMonth = "*", months = "*"] = expression.split(" ");
  const firstDay = Math.min(...numbersOf(dayOfMonth, 1, 31));
  const longest = Math.max(
    ...numbersOf(months, 1, 12).map((month) => LONGEST_MONTH[month - 1] ?? 0),
  );
  if (firstDay <= longest) return [];
  return [`"${expression}" never fires: its months have no day ${firstDay}; name a day they have`];
}
