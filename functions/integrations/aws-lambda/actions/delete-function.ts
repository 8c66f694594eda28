import { path } from "#shared/integration";
import * as z from "zod";
import { Done, functionName, Gone, lambdaAction, staysGone, version } from "../client.ts";

export const deleteFunction = lambdaAction("DeleteFunction", {
  summary: "Delete a function with all its versions and aliases, or one version",
  effect: "write",
  idempotency: staysGone,
  input: z.object({ functionName, version: version.optional() }),
  output: Done,
  call: ({ functionName: name, version: of }) => ({
    method: "DELETE",
    path: path`/2015-03-31/functions/${name}`,
    query: { Qualifier: of },
  }),
  answer: Gone,
});
