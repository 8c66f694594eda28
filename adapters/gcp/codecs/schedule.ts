import type { IncomingHttpHeaders } from "node:http";
import { Fault } from "#shared/errors";
import { cron, toCron } from "#shared/function";
import type { ScheduleCodec } from "#shared/host";
import type { GcpNativeRequest } from "./http.ts";

/** The headers of a job's request, and the clock's reading, since the job does not say when it fired. */
export type GcpScheduleEvent = { readonly headers: IncomingHttpHeaders; readonly nowMs: number };

const MINUTE_MS = 60_000;

/**
 * A Cloud Scheduler job with an HTTP target, five unix fields in UTC. The job's OIDC token is checked by IAM
 * before us; the headers only tell the jobs from other callers.
 * https://cloud.google.com/scheduler/docs/reference/rpc/google.cloud.scheduler.v1#httptarget
 */
export const gcpScheduleCodec: ScheduleCodec<GcpScheduleEvent, GcpNativeRequest> = {
  runtime: "gcp",

  compile: (schedule) => toCron(schedule),

  parse: (expression) => toCron(cron(expression)),

  decode({ headers, nowMs }) {
    if (headers["x-cloudscheduler"] !== "true") {
      throw new Fault(
        "invalid_argument",
        "gcp.schedule: the request is of no scheduler job; let Cloud Scheduler call this function",
        { origin: "caller" },
      );
    }
    const planned = headers["x-cloudscheduler-scheduletime"];
    const plannedMs = typeof planned === "string" ? Date.parse(planned) : Number.NaN;
    const slotMs = Number.isNaN(plannedMs) ? nowMs : plannedMs;
    return { slotMs: Math.floor(slotMs / MINUTE_MS) * MINUTE_MS, firedAtMs: nowMs };
  },

  emulate(slotMs) {
    return {
      method: "POST",
      target: "/",
      headers: {
        "x-cloudscheduler": "true",
        "x-cloudscheduler-jobname": "auterity",
        "x-cloudscheduler-scheduletime": new Date(slotMs).toISOString(),
        "content-length": "0",
      },
      body: new Uint8Array(),
    };
  },
};
