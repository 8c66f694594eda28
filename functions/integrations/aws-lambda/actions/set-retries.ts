import { path } from "#shared/integration";
import * as z from "zod";
import { arn, functionName, lambdaAction, qualifier, sameTwice } from "../client.ts";

const Destination = z.object({ Destination: z.string().nullish() }).nullish();

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html */
export const setRetries = lambdaAction("PutFunctionEventInvokeConfig", {
  summary: "Say how queued invocations are repeated, and where their outcome is told",
  effect: "write",
  idempotency: sameTwice,
  input: z.object({
    functionName,
    qualifier: qualifier.optional(),
    retries: z.int().min(0).max(2).optional(),
    maxAgeSeconds: z.int().min(60).max(21_600).optional(),
    successTo: arn.optional(),
    failuresTo: arn.optional(),
  }),
  output: z.object({ successTo: z.string().nullable(), failuresTo: z.string().nullable() }),
  call: ({ functionName: name, qualifier: of, ...given }) => ({
    method: "PUT",
    path: path`/2019-09-25/functions/${name}/event-invoke-config`,
    query: { Qualifier: of },
    json: {
      MaximumRetryAttempts: given.retries,
      MaximumEventAgeInSeconds: given.maxAgeSeconds,
      DestinationConfig: {
        ...(given.successTo !== undefined && { OnSuccess: { Destination: given.successTo } }),
        ...(given.failuresTo !== undefined && { OnFailure: { Destination: given.failuresTo } }),
      },
    },
  }),
  answer: () =>
    z
      .object({ DestinationConfig: z.object({ OnSuccess: Destination, OnFailure: Destination }) })
      .transform(({ DestinationConfig: to }) => ({
        successTo: to.OnSuccess?.Destination ?? null,
        failuresTo: to.OnFailure?.Destination ?? null,
      })),
});
