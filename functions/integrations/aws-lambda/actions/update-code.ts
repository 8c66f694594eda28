import { path } from "#shared/integration";
import * as z from "zod";
import {
  architecture,
  code,
  codeMembers,
  Fn,
  FnAnswer,
  functionName,
  lambdaAction,
  revisionId,
} from "../client.ts";

export const updateCode = lambdaAction("UpdateFunctionCode", {
  summary: "Give a function other code; await-function says when it is in use",
  effect: "write",
  idempotency: { kind: "natural", why: "the same code twice is the same code" },
  input: z.object({
    functionName,
    code,
    architecture: architecture.optional(),
    publish: z.boolean().optional(),
    /** Only if nobody has changed the function since. */
    revisionId: revisionId.optional(),
    /** Only checks it. */
    dryRun: z.boolean().optional(),
  }),
  output: Fn,
  call: ({ functionName: name, code: given, architecture: one, ...rest }) => ({
    method: "PUT",
    path: path`/2015-03-31/functions/${name}/code`,
    json: {
      ...codeMembers(given),
      Architectures: one === undefined ? undefined : [one],
      Publish: rest.publish,
      RevisionId: rest.revisionId,
      DryRun: rest.dryRun,
    },
  }),
  answer: FnAnswer,
});
