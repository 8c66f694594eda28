import { path } from "#shared/integration";
import * as z from "zod";
import { Source } from "./update-source.ts";
import { arn, from, functionName, lambdaList } from "../client.ts";

export const listSources = lambdaList("ListEventSourceMappings", "EventSourceMappings", {
  summary: "List event source mappings, of a function or of a source",
  input: z.object({ functionName: functionName.optional(), sourceArn: arn.optional(), from }),
  call: ({ functionName: name, sourceArn }) => ({
    method: "GET",
    path: path`/2015-03-31/event-source-mappings`,
    query: { FunctionName: name, EventSourceArn: sourceArn, MaxItems: 100 },
  }),
  item: Source,
  answer: ({ SourceAnswer }) => SourceAnswer,
});
