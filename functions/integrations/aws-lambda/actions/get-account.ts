import { path } from "#shared/integration";
import * as z from "zod";
import { lambdaAction } from "../client.ts";

export const getAccount = lambdaAction("GetAccountSettings", {
  summary: "Read the limits of the account in this region, and what is used of them",
  effect: "read",
  input: z.object({}),
  output: z.object({
    functions: z.number(),
    codeBytes: z.number(),
    codeLimitBytes: z.number(),
    concurrency: z.number(),
    unreservedConcurrency: z.number(),
  }),
  call: () => ({ method: "GET", path: path`/2016-08-19/account-settings` }),
  answer: () =>
    z
      .object({
        AccountLimit: z.object({
          TotalCodeSize: z.number(),
          ConcurrentExecutions: z.number(),
          UnreservedConcurrentExecutions: z.number(),
        }),
        AccountUsage: z.object({ TotalCodeSize: z.number(), FunctionCount: z.number() }),
      })
      .transform(({ AccountLimit: limit, AccountUsage: usage }) => ({
        functions: usage.FunctionCount,
        codeBytes: usage.TotalCodeSize,
        codeLimitBytes: limit.TotalCodeSize,
        concurrency: limit.ConcurrentExecutions,
        unreservedConcurrency: limit.UnreservedConcurrentExecutions,
      })),
});
