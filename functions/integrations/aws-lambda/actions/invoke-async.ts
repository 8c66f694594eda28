import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { functionName, lambdaDocs, qualifier } from "../client.ts";

export const invokeAsync = defineAction({
  summary: "Queue an invocation of a function; Lambda repeats it if it fails",
  docs: lambdaDocs("Invoke"),
  scopes: ["lambda:InvokeFunction"],
  effect: "write",
  idempotency: { kind: "none", why: "Lambda takes no key; a repeat queues a second invocation" },
  input: z.object({
    functionName,
    qualifier: qualifier.optional(),
    /** 1 MB at most: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
    payload: z.json().optional(),
  }),
  output: z.object({ requestId: z.string().nullable() }),
  async run(api, { functionName: name, qualifier: of, payload }) {
    const { headers } = await api.send({
      method: "POST",
      path: path`/2015-03-31/functions/${name}/invocations`,
      query: { Qualifier: of },
      headers: { "x-amz-invocation-type": "Event" },
      json: payload,
      response: z.undefined(),
    });
    return { requestId: headers["x-amzn-requestid"] ?? null };
  },
});
