import { path } from "#shared/integration";
import * as z from "zod";
import { Fn } from "./get-function.ts";
import { from, lambdaList } from "../client.ts";

export const listFunctions = lambdaList("ListFunctions", "Functions", {
  summary: "List the functions of the region",
  input: z.object({ from }),
  call: () => ({ method: "GET", path: path`/2015-03-31/functions`, query: { MaxItems: 50 } }),
  item: Fn,
  answer: ({ FnAnswer }) => FnAnswer,
});
