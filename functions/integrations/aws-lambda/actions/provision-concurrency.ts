import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { alias, functionName, Gone, lambdaDocs, sameTwice, version } from "../client.ts";

/** Instances that are kept ready for an alias or a version. */
export const Provisioned = z.object({
  requested: z.number(),
  available: z.number(),
  /** `IN_PROGRESS`, `READY` or `FAILED`; `NONE` when there are none. */
  status: z.string(),
  reason: z.string().nullable(),
});

/** https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html */
export const provisionConcurrency = defineAction({
  summary: "Keep instances of an alias or version ready, which costs while they wait; null ends it",
  docs: lambdaDocs("PutProvisionedConcurrencyConfig"),
  scopes: ["lambda:PutProvisionedConcurrencyConfig", "lambda:DeleteProvisionedConcurrencyConfig"],
  effect: "write",
  idempotency: sameTwice,
  input: z.object({
    functionName,
    qualifier: z.union([version, alias]),
    concurrency: z.int().min(1).max(100_000).nullable(),
  }),
  output: Provisioned,
  async run(api, { functionName: name, qualifier: of, concurrency }) {
    const place = {
      path: path`/2019-09-30/functions/${name}/provisioned-concurrency`,
      query: { Qualifier: of },
    };
    if (concurrency === null) {
      await api.request({ ...place, method: "DELETE", response: Gone });
      return { requested: 0, available: 0, status: "NONE", reason: null };
    }
    const { provisionedMembers, provisionedOf } = await import("../lambda-wire.ts");
    const answer = await api.request({
      ...place,
      method: "PUT",
      json: { ProvisionedConcurrentExecutions: concurrency },
      response: z.object(provisionedMembers),
    });
    return provisionedOf(answer);
  },
});
