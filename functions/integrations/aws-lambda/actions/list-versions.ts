import { path } from "#shared/integration";
import * as z from "zod";
import { Fn } from "./get-function.ts";
import { from, functionName, lambdaList } from "../client.ts";

export const listVersions = lambdaList("ListVersionsByFunction", "Versions", {
  summary: "List the versions of a function, $LATEST first",
  input: z.object({ functionName, from }),
  call: ({ functionName: name }) => ({
    method: "GET",
    path: path`/2015-03-31/functions/${name}/versions`,
    query: { MaxItems: 50 },
  }),
  item: Fn,
  answer: ({ FnAnswer }) => FnAnswer,
});
