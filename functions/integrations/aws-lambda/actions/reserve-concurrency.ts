import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { functionName, Gone, lambdaDocs, sameTwice } from "../client.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
export const reserveConcurrency = defineAction({
  summary:
    "Reserve concurrency for a function, which is also its limit; 0 stops it, null gives it back",
  docs: lambdaDocs("PutFunctionConcurrency"),
  scopes: ["lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency"],
  effect: "write",
  idempotency: sameTwice,
  input: z.object({ functionName, concurrency: z.int().min(0).max(100_000).nullable() }),
  output: z.object({ reserved: z.number().nullable() }),
  async run(api, { functionName: name, concurrency }) {
    const place = path`/2017-10-31/functions/${name}/concurrency`;
    if (concurrency === null) {
      await api.request({ method: "DELETE", path: place, response: Gone });
      return { reserved: null };
    }
    const { ReservedConcurrentExecutions: reserved } = await api.request({
      method: "PUT",
      path: place,
      json: { ReservedConcurrentExecutions: concurrency },
      response: z.object({ ReservedConcurrentExecutions: z.number() }),
    });
    return { reserved };
  },
});
