import { path } from "#shared/integration";
import * as z from "zod";
import { statementId } from "./add-permission.ts";
import { functionName, gone, lambdaAction, qualifier } from "../client.ts";

export const removePermission = lambdaAction("RemovePermission", {
  summary: "Take a permission to invoke a function back",
  ...gone,
  input: z.object({ functionName, qualifier: qualifier.optional(), statementId }),
  call: ({ functionName: name, qualifier: of, statementId: sid }) => ({
    method: "DELETE",
    path: path`/2015-03-31/functions/${name}/policy/${sid}`,
    query: { Qualifier: of },
  }),
});
