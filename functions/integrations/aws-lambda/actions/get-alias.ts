import { path } from "#shared/integration";
import * as z from "zod";
import { Alias, alias, AliasAnswer, functionName, lambdaAction } from "../client.ts";

export const getAlias = lambdaAction("GetAlias", {
  summary: "Read which versions an alias stands for, and with what weights",
  effect: "read",
  input: z.object({ functionName, alias }),
  output: Alias,
  call: ({ functionName: name, alias: of }) => ({
    method: "GET",
    path: path`/2015-03-31/functions/${name}/aliases/${of}`,
  }),
  answer: AliasAnswer,
});
