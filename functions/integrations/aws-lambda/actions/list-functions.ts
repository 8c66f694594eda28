import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Fn, FnAnswer } from "./get-function.ts";
import { from, lambdaDocs, listOf, readPages } from "../client.ts";

export const listFunctions = defineAction({
  summary: "List the functions of the region",
  docs: lambdaDocs("ListFunctions"),
  scopes: ["lambda:ListFunctions"],
  effect: "read",
  input: z.object({ from }),
  output: listOf(Fn),
  run: (api, input) =>
    readPages(
      api,
      { method: "GET", path: path`/2015-03-31/functions`, query: { MaxItems: 50 } },
      { kind: "lambda", member: "Functions", item: FnAnswer, from: input.from },
    ),
});
