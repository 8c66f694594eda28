import { path } from "#shared/integration";
import * as z from "zod";
import { FunctionUrl } from "./create-url.ts";
import { alias, functionName, lambdaAction } from "../client.ts";

export const getUrl = lambdaAction("GetFunctionUrlConfig", {
  summary: "Read the URL of a function or an alias",
  effect: "read",
  input: z.object({ functionName, alias: alias.optional() }),
  output: FunctionUrl,
  call: ({ functionName: name, alias: of }) => ({
    method: "GET",
    path: path`/2021-10-31/functions/${name}/url`,
    query: { Qualifier: of },
  }),
  answer: ({ UrlAnswer }) => UrlAnswer,
});
