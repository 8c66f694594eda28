import { path } from "#shared/integration";
import * as z from "zod";
import { functionName, lambdaAction, qualifier, sameTwice } from "../client.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html */
export const pinRuntime = lambdaAction("PutRuntimeManagementConfig", {
  summary: "Say when a function gets newer versions of its runtime, or hold it at one",
  effect: "write",
  idempotency: sameTwice,
  input: z.object({
    functionName,
    qualifier: qualifier.optional(),
    update: z.enum(["Auto", "FunctionUpdate", "Manual"]),
    /** For `Manual`: the version to stay at, as the log of a start tells it. */
    runtimeVersionArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+::runtime:.+$/)
      .optional(),
  }),
  output: z.object({ update: z.string(), runtimeVersionArn: z.string().nullable() }),
  call: ({ functionName: name, qualifier: of, update, runtimeVersionArn }) => ({
    method: "PUT",
    path: path`/2021-07-20/functions/${name}/runtime-management-config`,
    query: { Qualifier: of },
    json: { UpdateRuntimeOn: update, RuntimeVersionArn: runtimeVersionArn },
  }),
  answer: () =>
    z
      .object({ UpdateRuntimeOn: z.string(), RuntimeVersionArn: z.string().nullish() })
      .transform((given) => ({
        update: given.UpdateRuntimeOn,
        runtimeVersionArn: given.RuntimeVersionArn ?? null,
      })),
});
