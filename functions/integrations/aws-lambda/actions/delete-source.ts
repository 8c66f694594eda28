import { path } from "#shared/integration";
import * as z from "zod";
import { Source, sourceId } from "./update-source.ts";
import { lambdaAction, staysGone } from "../client.ts";

export const deleteSource = lambdaAction("DeleteEventSourceMapping", {
  summary: "Delete an event source mapping; the queue or stream stays",
  effect: "write",
  idempotency: staysGone,
  input: z.object({ id: sourceId }),
  output: Source,
  call: ({ id: uuid }) => ({
    method: "DELETE",
    path: path`/2015-03-31/event-source-mappings/${uuid}`,
  }),
  answer: ({ SourceAnswer }) => SourceAnswer,
});
