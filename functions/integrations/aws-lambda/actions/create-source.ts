import { path } from "#shared/integration";
import * as z from "zod";
import { Source, sourceSettings } from "./update-source.ts";
import { arn, functionName, lambdaAction, qualifier } from "../client.ts";

export const createSource = lambdaAction("CreateEventSourceMapping", {
  summary: "Feed a function from a queue or a stream by an event source mapping",
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "there is one mapping of a source to a function; a repeat says already_exists",
  },
  input: z.object({
    functionName,
    /** Feeds this alias or version. */
    qualifier: qualifier.optional(),
    /** SQS, Kinesis, DynamoDB Streams, MSK, MQ or DocumentDB. */
    sourceArn: arn,
    /** Streams need it, queues take none. */
    startAt: z.enum(["TRIM_HORIZON", "LATEST"]).optional(),
    ...sourceSettings,
  }),
  output: Source,
  call: (
    { functionName: name, qualifier: of, sourceArn, startAt, ...settings },
    { sourceMembers },
  ) => ({
    method: "POST",
    path: path`/2015-03-31/event-source-mappings`,
    json: {
      FunctionName: of === undefined ? name : `${name}:${of}`,
      EventSourceArn: sourceArn,
      StartingPosition: startAt,
      ...sourceMembers(settings),
    },
  }),
  answer: ({ SourceAnswer }) => SourceAnswer,
});
