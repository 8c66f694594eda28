import { path } from "#shared/integration";
import * as z from "zod";
import { arn, functionName, lambdaAction, sameTwice } from "../client.ts";

export const sourceId = z.uuid();

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const sourceSettings = {
  enabled: z.boolean().optional(),
  batchSize: z.int().min(1).max(10_000).optional(),
  batchWindowSeconds: z.int().min(0).max(300).optional(),
  /** Patterns, any of which lets an event through. */
  filters: z.array(z.record(z.string(), z.json())).max(10).optional(),
  /** The function names the messages that failed; the others are not repeated. */
  reportsFailures: z.boolean().optional(),
  /** Of queues. */
  maxConcurrency: z.int().min(2).max(2_000).optional(),
  /** Of streams, from here on. */
  parallelization: z.int().min(1).max(10).optional(),
  bisectOnError: z.boolean().optional(),
  maxRetries: z.int().min(-1).max(10_000).optional(),
  maxAgeSeconds: z.int().min(-1).max(604_800).optional(),
  /** Where what failed for good is told: a queue, a topic or a bucket. */
  failuresTo: arn.optional(),
};

/** What feeds a function. */
export const Source = z.object({
  id: z.string(),
  sourceArn: z.string().nullable(),
  functionArn: z.string(),
  /** `Creating`, `Enabling`, `Enabled`, `Disabling`, `Disabled`, `Updating` or `Deleting`. */
  state: z.string(),
  batchSize: z.number().nullable(),
  lastResult: z.string().nullable(),
  modifiedAt: z.string(),
});

export const updateSource = lambdaAction("UpdateEventSourceMapping", {
  summary: "Change, pause or resume an event source mapping",
  effect: "write",
  idempotency: sameTwice,
  input: z.object({ id: sourceId, functionName: functionName.optional(), ...sourceSettings }),
  output: Source,
  call: ({ id: uuid, functionName: name, ...settings }, { sourceMembers }) => ({
    method: "PUT",
    path: path`/2015-03-31/event-source-mappings/${uuid}`,
    json: { FunctionName: name, ...sourceMembers(settings) },
  }),
  answer: ({ SourceAnswer }) => SourceAnswer,
});
