import { path } from "#shared/integration";
import * as z from "zod";
import { alias, Done, functionName, Gone, lambdaAction, staysGone } from "../client.ts";

export const deleteUrl = lambdaAction("DeleteFunctionUrlConfig", {
  summary: "Take a function's URL away; another one later has another name",
  effect: "write",
  idempotency: staysGone,
  input: z.object({ functionName, alias: alias.optional() }),
  output: Done,
  call: ({ functionName: name, alias: of }) => ({
    method: "DELETE",
    path: path`/2021-10-31/functions/${name}/url`,
    query: { Qualifier: of },
  }),
  answer: Gone,
});
