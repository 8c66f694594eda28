import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Provisioned } from "./provision-concurrency.ts";
import { from, functionName, lambdaDocs, listOf } from "../client.ts";

export const getConcurrency = defineAction({
  summary:
    "Read what concurrency is reserved for a function and what is provisioned for its aliases",
  docs: lambdaDocs("GetFunctionConcurrency"),
  scopes: ["lambda:GetFunctionConcurrency", "lambda:ListProvisionedConcurrencyConfigs"],
  effect: "read",
  input: z.object({ functionName, from }),
  output: z.object({
    /** `null`: it shares what the account has left. */
    reserved: z.number().nullable(),
    provisioned: listOf(Provisioned.extend({ functionArn: z.string() })),
  }),
  async run(api, { functionName: name, from: start }) {
    const [{ provisionedMembers, provisionedOf }, { lambdaPages }] = await Promise.all([
      import("../lambda-wire.ts"),
      import("../read-pages.ts"),
    ]);
    const { ReservedConcurrentExecutions: reserved } = await api.request({
      method: "GET",
      path: path`/2019-09-30/functions/${name}/concurrency`,
      response: z.object({ ReservedConcurrentExecutions: z.number().nullish() }),
    });
    const item = z
      .object({ ...provisionedMembers, FunctionArn: z.string() })
      .transform((given) => ({ ...provisionedOf(given), functionArn: given.FunctionArn }));
    const provisioned = await lambdaPages(
      api,
      {
        method: "GET",
        path: path`/2019-09-30/functions/${name}/provisioned-concurrency`,
        query: { List: "ALL", MaxItems: 50 },
      },
      "ProvisionedConcurrencyConfigs",
      item,
      start,
    );
    return { reserved: reserved ?? null, provisioned };
  },
});
