import { defineAction, path, poll } from "#shared/integration";
import * as z from "zod";
import { Fn } from "./get-function.ts";
import { functionName, lambdaDocs, qualifier } from "../client.ts";

/** Functions are created and changed in the background: https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
export const awaitFunction = defineAction({
  summary:
    "Wait until a function is created or changed; not done when the time ends: call it again",
  docs: lambdaDocs("GetFunctionConfiguration"),
  scopes: ["lambda:GetFunctionConfiguration"],
  effect: "read",
  input: z.object({ functionName, qualifier: qualifier.optional() }),
  /** Done is not well: see `state`, `update` and `reason`. */
  output: z.object({ done: z.boolean(), function: Fn }),
  async run(api, { functionName: name, qualifier: of }) {
    const { FnAnswer } = await import("../lambda-wire.ts");
    const { done, state } = await poll(
      api,
      {
        method: "GET",
        path: path`/2015-03-31/functions/${name}/configuration`,
        query: { Qualifier: of },
        response: FnAnswer,
      },
      { done: ({ state: now, update }) => now !== "Pending" && update !== "InProgress" },
    );
    return { done, function: state };
  },
});
