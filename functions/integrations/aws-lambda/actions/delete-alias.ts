import { path } from "#shared/integration";
import * as z from "zod";
import { alias, functionName, gone, lambdaAction } from "../client.ts";

export const deleteAlias = lambdaAction("DeleteAlias", {
  summary: "Delete an alias; the versions stay",
  ...gone,
  input: z.object({ functionName, alias }),
  call: ({ functionName: name, alias: of }) => ({
    method: "DELETE",
    path: path`/2015-03-31/functions/${name}/aliases/${of}`,
  }),
});
