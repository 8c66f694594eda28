import { path } from "#shared/integration";
import * as z from "zod";
import { statementId } from "./add-permission.ts";
import { Done, functionName, Gone, lambdaAction, qualifier, staysGone } from "../client.ts";

export const removePermission = lambdaAction("RemovePermission", {
  summary: "Take a permission to invoke a function back",
  effect: "write",
  idempotency: staysGone,
  input: z.object({ functionName, qualifier: qualifier.optional(), statementId }),
  output: Done,
  call: ({ functionName: name, qualifier: of, statementId: sid }) => ({
    method: "DELETE",
    path: path`/2015-03-31/functions/${name}/policy/${sid}`,
    query: { Qualifier: of },
  }),
  answer: Gone,
});
