import * as z from "zod";
import { Failure, failureOf, idOf, Status } from "./client.ts";

/** https://cloud.google.com/vertex-ai/docs/reference/rest/v1/JobState */
export const JobState = z.enum([
  "queued",
  "pending",
  "running",
  "succeeded",
  "failed",
  "cancelling",
  "cancelled",
  "paused",
  "expired",
  "updating",
  "partially_succeeded",
  "unspecified",
]);

/** Times are ISO; `endedAt` is there once the job is over. */
export const job = {
  id: z.string(),
  title: z.string().optional(),
  state: JobState,
  createdAt: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  updatedAt: z.string().optional(),
  failure: Failure.optional(),
};
export const Job = z.object(job);

export const jobAnswer = {
  name: z.string(),
  displayName: z.string().optional(),
  state: z
    .string()
    .transform((text) => text.replace(/^JOB_STATE_/, "").toLowerCase())
    .pipe(JobState.catch("unspecified")),
  createTime: z.string(),
  startTime: z.string().optional(),
  endTime: z.string().optional(),
  updateTime: z.string().optional(),
  error: Status.optional(),
};
const JobAnswer = z.object(jobAnswer);

/** What all jobs have. */
export function jobOf(given: z.output<typeof JobAnswer>): z.infer<typeof Job> {
  const { name, displayName, state, createTime, startTime, endTime, updateTime, error } = given;
  return {
    id: idOf(name),
    title: displayName,
    state,
    createdAt: createTime,
    startedAt: startTime,
    endedAt: endTime,
    updatedAt: updateTime,
    failure: error === undefined ? undefined : failureOf(error),
  };
}
