import { path } from "#shared/integration";
import * as z from "zod";
import { functionName, lambdaAction, qualifier } from "../client.ts";

/** What a function, or a version of it, is. Variables of its environment are not told: they may be secrets. */
export const Fn = z.object({
  name: z.string(),
  arn: z.string(),
  version: z.string(),
  /** `null` for an image. */
  runtime: z.string().nullable(),
  architecture: z.string(),
  memoryMb: z.number(),
  timeoutSeconds: z.number(),
  codeSha256: z.string(),
  codeBytes: z.number(),
  layers: z.array(z.string()),
  revisionId: z.string().nullable(),
  modifiedAt: z.string(),
  /** `Pending`, `Active`, `Inactive` or `Failed`; `null` in lists. */
  state: z.string().nullable(),
  /** `Successful`, `InProgress` or `Failed`; `null` in lists. */
  update: z.string().nullable(),
  reason: z.string().nullable(),
});

export const getFunction = lambdaAction("GetFunctionConfiguration", {
  summary: "Read what a function, or a version or alias of it, is",
  effect: "read",
  input: z.object({ functionName, qualifier: qualifier.optional() }),
  output: Fn,
  call: ({ functionName: name, qualifier: of }) => ({
    method: "GET",
    path: path`/2015-03-31/functions/${name}/configuration`,
    query: { Qualifier: of },
  }),
  answer: ({ FnAnswer }) => FnAnswer,
});
