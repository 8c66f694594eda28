import { path } from "#shared/integration";
import * as z from "zod";
import { alias, functionName, gone, lambdaAction } from "../client.ts";

export const deleteUrl = lambdaAction("DeleteFunctionUrlConfig", {
  summary: "Take a function's URL away; another one later has another name",
  ...gone,
  input: z.object({ functionName, alias: alias.optional() }),
  call: ({ functionName: name, alias: of }) => ({
    method: "DELETE",
    path: path`/2021-10-31/functions/${name}/url`,
    query: { Qualifier: of },
  }),
});
