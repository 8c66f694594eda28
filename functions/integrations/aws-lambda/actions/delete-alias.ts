import { path } from "#shared/integration";
import * as z from "zod";
import { alias, Done, functionName, Gone, lambdaAction, staysGone } from "../client.ts";

export const deleteAlias = lambdaAction("DeleteAlias", {
  summary: "Delete an alias; the versions stay",
  effect: "write",
  idempotency: staysGone,
  input: z.object({ functionName, alias }),
  output: Done,
  call: ({ functionName: name, alias: of }) => ({
    method: "DELETE",
    path: path`/2015-03-31/functions/${name}/aliases/${of}`,
  }),
  answer: Gone,
});
