import { path } from "#shared/integration";
import * as z from "zod";
import { Fn } from "./get-function.ts";
import { description, functionName, lambdaAction, revisionId } from "../client.ts";

export const publishVersion = lambdaAction("PublishVersion", {
  summary: "Publish what a function is now as a version that no longer changes",
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "without a change since the last version Lambda gives that one again",
  },
  input: z.object({
    functionName,
    description: description.optional(),
    /** Only if the code is this. */
    codeSha256: z.string().min(1).max(64).optional(),
    /** Only if nobody has changed the function since. */
    revisionId: revisionId.optional(),
  }),
  output: Fn,
  call: ({ functionName: name, ...given }) => ({
    method: "POST",
    path: path`/2015-03-31/functions/${name}/versions`,
    json: {
      CodeSha256: given.codeSha256,
      Description: given.description,
      RevisionId: given.revisionId,
    },
  }),
  answer: ({ FnAnswer }) => FnAnswer,
});
