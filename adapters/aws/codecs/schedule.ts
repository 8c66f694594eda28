import { Fault } from "#shared/errors";
import { toCron } from "#shared/function";
import type { ScheduleCodec } from "#shared/host";
import * as z from "zod";

/** What an EventBridge rule or Scheduler's default input sends; `time` is the slot, to the second. */
const ScheduledEvent = z.object({
  source: z.literal("aws.events").or(z.literal("aws.scheduler")),
  "detail-type": z.literal("Scheduled Event"),
  time: z.iso.datetime(),
  detail: z.object({ firedAt: z.iso.datetime().optional() }).optional(),
});

export type AwsScheduleEvent = z.infer<typeof ScheduledEvent>;

/** EventBridge: six fields with a year, Sunday is 1, and one of the day fields is a question mark. */
export const awsScheduleCodec: ScheduleCodec<unknown, AwsScheduleEvent> = {
  runtime: "aws",

  compile(schedule) {
    const [minute, hour, dayOfMonth = "*", month, dayOfWeek = "*"] = toCron(schedule).split(" ");
    const days =
      dayOfWeek === "*" ? `${dayOfMonth} ${month} ?` : `? ${month} ${shiftDays(dayOfWeek, 1)}`;
    return `cron(${minute} ${hour} ${days} *)`;
  },

  parse(expression) {
    const fields = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) \*\)$/.exec(expression);
    if (fields === null) {
      throw new Fault("invalid_argument", `aws.schedule: "${expression}" is none of ours`);
    }
    const [, minute, hour, dayOfMonth = "*", month, dayOfWeek = "*"] = fields;
    const dom = dayOfMonth === "?" ? "*" : dayOfMonth;
    const dow = dayOfWeek === "?" ? "*" : shiftDays(dayOfWeek, -1);
    return `${minute} ${hour} ${dom} ${month} ${dow}`;
  },

  decode(event) {
    const parsed = ScheduledEvent.safeParse(event);
    if (!parsed.success) {
      throw new Fault("invalid_argument", "aws.schedule: the event is no scheduled event");
    }
    const slotMs = Date.parse(parsed.data.time);
    return { slotMs, firedAtMs: Date.parse(parsed.data.detail?.firedAt ?? parsed.data.time) };
  },

  emulate(slotMs, firedAtMs) {
    return {
      source: "aws.events",
      "detail-type": "Scheduled Event",
      time: new Date(slotMs).toISOString(),
      detail: { firedAt: new Date(firedAtMs).toISOString() },
    };
  },
};

// A step (`*/2`) counts days, it does not name one.
function shiftDays(field: string, by: number): string {
  return field
    .split(",")
    .map((part) => {
      const [range = "", step] = part.split("/");
      const shifted = range.replaceAll(/\d+/g, (day) => String(Number(day) + by));
      return step === undefined ? shifted : `${shifted}/${step}`;
    })
    .join(",");
}
