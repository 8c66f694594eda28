import { path } from "#shared/integration";
import * as z from "zod";
import { Fn, FnAnswer, functionName, lambdaAction, qualifier } from "../client.ts";

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
