import { path } from "#shared/integration";
import * as z from "zod";
import { functionName, gone, lambdaAction, version } from "../client.ts";

export const deleteFunction = lambdaAction("DeleteFunction", {
  summary: "Delete a function with all its versions and aliases, or one version",
  ...gone,
  input: z.object({ functionName, version: version.optional() }),
  call: ({ functionName: name, version: of }) => ({
    method: "DELETE",
    path: path`/2015-03-31/functions/${name}`,
    query: { Qualifier: of },
  }),
});
