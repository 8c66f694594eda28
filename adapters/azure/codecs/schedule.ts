import { Fault } from "#shared/errors";
import { cron, toCron } from "#shared/function";
import type { ScheduleCodec } from "#shared/host";
import * as z from "zod";
import type { AzureTrigger } from "./rpc.ts";

/** What the timer's handler is called with, and the clock's reading, since the event does not say when it fired. */
export type AzureScheduleEvent = { readonly timer: unknown; readonly nowMs: number };

const MINUTE_MS = 60_000;
/** Timers may fire a little early; the host corrects for clock skew below a second in the same way. */
const SKEW_MS = 1000;

// `scheduleStatus` is null where the schedule is not monitored.
const Timer = z.object({
  isPastDue: z.boolean(),
  scheduleStatus: z.object({ next: z.string() }).nullish(),
});

/**
 * Azure's timer: NCRONTAB with a leading seconds field, in UTC as long as WEBSITE_TIME_ZONE is not set.
 * While a slot's function runs, `scheduleStatus.next` is still that slot: the host moves it on afterwards.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer
 */
export const azureScheduleCodec: ScheduleCodec<AzureScheduleEvent, AzureTrigger> = {
  runtime: "azure",

  compile: (schedule) => `0 ${toCron(schedule)}`,

  parse(expression) {
    const fields = /^0 (\S+(?: \S+){4})$/.exec(expression)?.[1];
    if (fields === undefined) {
      throw new Fault(
        "invalid_argument",
        `azure.schedule: "${expression}" is none of ours; give six fields with second 0`,
      );
    }
    return toCron(cron(fields));
  },

  decode({ timer, nowMs }) {
    const parsed = Timer.safeParse(timer);
    if (!parsed.success) {
      throw new Fault(
        "invalid_argument",
        "azure.schedule: the event is no timer; check the trigger",
      );
    }
    const latestMs = nowMs + SKEW_MS;
    const nextMs = readTime(parsed.data.scheduleStatus?.next);
    const slotMs = nextMs !== undefined && nextMs <= latestMs ? nextMs : latestMs;
    return { slotMs: Math.floor(slotMs / MINUTE_MS) * MINUTE_MS, firedAtMs: nowMs };
  },

  emulate(slotMs, firedAtMs) {
    const slot = new Date(slotMs).toISOString();
    const earlier = new Date(slotMs - MINUTE_MS).toISOString();
    return {
      data: {
        json: JSON.stringify({
          Schedule: { AdjustForDST: true },
          ScheduleStatus: { Last: earlier, Next: slot, LastUpdated: earlier },
          IsPastDue: firedAtMs - slotMs > MINUTE_MS,
        }),
      },
    };
  },
};

// .NET writes no zone for a time of unspecified kind; ours are UTC.
function readTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const zoned = /(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`;
  const milliseconds = Date.parse(zoned);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
