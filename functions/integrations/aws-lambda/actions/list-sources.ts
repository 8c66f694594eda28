import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Source, SourceAnswer } from "./update-source.ts";
import { arn, from, functionName, lambdaDocs, listOf, readPages } from "../client.ts";

export const listSources = defineAction({
  summary: "List event source mappings, of a function or of a source",
  docs: lambdaDocs("ListEventSourceMappings"),
  scopes: ["lambda:ListEventSourceMappings"],
  effect: "read",
  input: z.object({ functionName: functionName.optional(), sourceArn: arn.optional(), from }),
  output: listOf(Source),
  run: (api, { functionName: name, sourceArn, from: start }) =>
    readPages(
      api,
      {
        method: "GET",
        path: path`/2015-03-31/event-source-mappings`,
        query: { FunctionName: name, EventSourceArn: sourceArn, MaxItems: 100 },
      },
      { kind: "lambda", member: "EventSourceMappings", item: SourceAnswer, from: start },
    ),
});
