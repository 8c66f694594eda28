import { path } from "#shared/integration";
import * as z from "zod";
import { FunctionUrl, urlSettings } from "./create-url.ts";
import { alias, functionName, lambdaAction, sameTwice } from "../client.ts";

export const updateUrl = lambdaAction("UpdateFunctionUrlConfig", {
  summary: "Change who may call a function's URL, and how it answers",
  effect: "write",
  idempotency: sameTwice,
  input: z.object({
    functionName,
    alias: alias.optional(),
    ...urlSettings,
  }),
  output: FunctionUrl,
  call: ({ functionName: name, alias: of, ...settings }, { urlMembers }) => ({
    method: "PUT",
    path: path`/2021-10-31/functions/${name}/url`,
    query: { Qualifier: of },
    json: urlMembers(settings),
  }),
  answer: ({ UrlAnswer }) => UrlAnswer,
});
