import { path } from "#shared/integration";
import * as z from "zod";
import { Alias } from "./get-alias.ts";
import { alias, description, functionName, lambdaAction, uniqueName, version } from "../client.ts";

export const createAlias = lambdaAction("CreateAlias", {
  summary: "Create an alias of a version, by which it is invoked",
  effect: "write",
  idempotency: uniqueName,
  input: z.object({ functionName, alias, version, description: description.optional() }),
  output: Alias,
  call: ({ functionName: name, ...given }) => ({
    method: "POST",
    path: path`/2015-03-31/functions/${name}/aliases`,
    json: {
      Name: given.alias,
      FunctionVersion: given.version,
      Description: given.description,
    },
  }),
  answer: ({ AliasAnswer }) => AliasAnswer,
});
