import { path } from "#shared/integration";
import * as z from "zod";
import { Source, sourceId } from "./update-source.ts";
import { lambdaAction } from "../client.ts";

export const getSource = lambdaAction("GetEventSourceMapping", {
  summary: "Read the state of an event source mapping, which changes in the background",
  effect: "read",
  input: z.object({ id: sourceId }),
  output: Source,
  call: ({ id: uuid }) => ({
    method: "GET",
    path: path`/2015-03-31/event-source-mappings/${uuid}`,
  }),
  answer: ({ SourceAnswer }) => SourceAnswer,
});
