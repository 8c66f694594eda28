import { path } from "#shared/integration";
import * as z from "zod";
import { functionName, lambdaAction, qualifier, time } from "../client.ts";

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

export const FnAnswer = z
  .object({
    FunctionName: z.string(),
    FunctionArn: z.string(),
    Version: z.string(),
    Runtime: z.string().nullish(),
    Architectures: z.array(z.string()).nullish(),
    MemorySize: z.number(),
    Timeout: z.number(),
    CodeSha256: z.string(),
    CodeSize: z.number(),
    Layers: z.array(z.object({ Arn: z.string() })).nullish(),
    RevisionId: z.string().nullish(),
    LastModified: time,
    State: z.string().nullish(),
    StateReason: z.string().nullish(),
    LastUpdateStatus: z.string().nullish(),
    LastUpdateStatusReason: z.string().nullish(),
  })
  .transform((given) => ({
    name: given.FunctionName,
    arn: given.FunctionArn,
    version: given.Version,
    runtime: given.Runtime ?? null,
    architecture: given.Architectures?.[0] ?? "x86_64",
    memoryMb: given.MemorySize,
    timeoutSeconds: given.Timeout,
    codeSha256: given.CodeSha256,
    codeBytes: given.CodeSize,
    layers: (given.Layers ?? []).map((layer) => layer.Arn),
    revisionId: given.RevisionId ?? null,
    modifiedAt: given.LastModified,
    state: given.State ?? null,
    update: given.LastUpdateStatus ?? null,
    reason: given.StateReason ?? given.LastUpdateStatusReason ?? null,
  }));

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
  answer: FnAnswer,
});
