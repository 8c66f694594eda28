import { path } from "#shared/integration";
import * as z from "zod";
import { alias, functionName, lambdaAction } from "../client.ts";

/** A name for a version, and for a part of the invocations for another one. */
export const Alias = z.object({
  name: z.string(),
  arn: z.string(),
  version: z.string(),
  /** The other version and its part of the invocations; `null` if all go to `version`. */
  canary: z.object({ version: z.string(), weight: z.number() }).nullable(),
  revisionId: z.string(),
});

export const getAlias = lambdaAction("GetAlias", {
  summary: "Read which versions an alias stands for, and with what weights",
  effect: "read",
  input: z.object({ functionName, alias }),
  output: Alias,
  call: ({ functionName: name, alias: of }) => ({
    method: "GET",
    path: path`/2015-03-31/functions/${name}/aliases/${of}`,
  }),
  answer: ({ AliasAnswer }) => AliasAnswer,
});
