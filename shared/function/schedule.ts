import { Fault } from "#shared/errors";

/** A schedule that means the same on EventBridge, NCRONTAB and Cloud Scheduler. */
export type Schedule =
  | { readonly kind: "every"; readonly count: number; readonly unit: "minutes" | "hours" }
  | { readonly kind: "cron"; readonly cron: string };

const FIELDS = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12 },
  { name: "day of week", min: 0, max: 6 },
] as const;

/** Every `count` minutes or hours, from midnight UTC. `count` must divide the hour or the day evenly. */
export function every(count: number, unit: "minutes" | "hours"): Schedule {
  const whole = unit === "minutes" ? 60 : 24;
  if (!Number.isInteger(count) || count < 1 || whole % count !== 0 || count === whole) {
    throw new Fault(
      "invalid_argument",
      `schedule.every: ${count} ${unit} does not divide ${whole} evenly; use a divisor below ${whole}`,
    );
  }
  return { kind: "every", count, unit };
}

/**
 * Five unix fields in UTC: numbers, `*`, lists, ranges and steps; day of week 0–6 with Sunday 0.
 * Refused, because the clouds disagree: seconds, names, 7 for Sunday, `L W # ?`, and both day fields together
 * (vixie cron reads them as OR, NCRONTAB as AND, EventBridge not at all).
 * Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer,
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html,
 * https://man7.org/linux/man-pages/man5/crontab.5.html
 */
export function cron(expression: string): Schedule {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    throw refuse(expression, `has ${fields.length} fields; give five, without seconds or year`);
  }
  for (const [index, field] of FIELDS.entries()) {
    for (const part of (fields[index] ?? "").split(",")) checkPart(expression, part, field);
  }
  if (fields[2] !== "*" && fields[4] !== "*") {
    throw refuse(expression, "sets both day fields, which no two clouds read alike; set one");
  }
  return { kind: "cron", cron: fields.join(" ") };
}

/** The five-field form of any schedule. */
export function toCron(schedule: Schedule): string {
  if (schedule.kind === "cron") return schedule.cron;
  const step = schedule.count === 1 ? "*" : `*/${schedule.count}`;
  return schedule.unit === "minutes" ? `${step} * * * *` : `0 ${step} * * *`;
}

function checkPart(
  expression: string,
  part: string,
  field: { readonly name: string; readonly min: number; readonly max: number },
): void {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
  if (match === null) throw refuse(expression, `${field.name} "${part}" is not portable`);
  const [, first, last, step] = match;
  for (const bound of [first, last]) {
    if (bound !== undefined && (Number(bound) < field.min || Number(bound) > field.max)) {
      throw refuse(expression, `${field.name} ${bound} is outside ${field.min}-${field.max}`);
    }
  }
  if (first !== undefined && last !== undefined && Number(first) > Number(last)) {
    throw refuse(expression, `${field.name} range ${part} runs backwards`);
  }
  if (step !== undefined && (Number(step) < 1 || (first !== undefined && last === undefined))) {
    throw refuse(expression, `${field.name} step "${part}" needs * or a range before it`);
  }
}

function refuse(expression: string, why: string): Fault {
  return new Fault("invalid_argument", `schedule.cron: "${expression}" ${why}`);
}
