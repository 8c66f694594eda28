import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Fn, FnAnswer } from "./get-function.ts";
import { from, functionName, lambdaDocs, listOf, readPages } from "../client.ts";

export const listVersions = defineAction({
  summary: "List the versions of a function, $LATEST first",
  docs: lambdaDocs("ListVersionsByFunction"),
  scopes: ["lambda:ListVersionsByFunction"],
  effect: "read",
  input: z.object({ functionName, from }),
  output: listOf(Fn),
  run: (api, { functionName: name, from: start }) =>
    readPages(
      api,
      {
        method: "GET",
        path: path`/2015-03-31/functions/${name}/versions`,
        query: { MaxItems: 50 },
      },
      { kind: "lambda", member: "Versions", item: FnAnswer, from: start },
    ),
});
