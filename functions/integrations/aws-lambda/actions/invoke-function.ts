import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { functionName, lambdaDocs, qualifier } from "../client.ts";

export const invokeFunction = defineAction({
  summary: "Invoke a function and wait for its answer; what it throws is told as `error`",
  docs: lambdaDocs("Invoke"),
  scopes: ["lambda:InvokeFunction"],
  effect: "write",
  idempotency: { kind: "none", why: "Lambda takes no key; a repeat runs the function again" },
  input: z.object({
    functionName,
    qualifier: qualifier.optional(),
    /** 6 MB at most: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
    payload: z.json().optional(),
    /** The last 4 KB of the log. */
    log: z.boolean().optional(),
  }),
  output: z.object({
    /** JSON, or text where the function gave none. */
    payload: z.json(),
    version: z.string().nullable(),
    /** `Unhandled` or `Handled` when the function failed; `payload` says how. */
    error: z.string().nullable(),
    log: z.string().nullable(),
  }),
  async run(api, { functionName: name, qualifier: of, payload, log }) {
    const { headers, body } = await api.send({
      method: "POST",
      path: path`/2015-03-31/functions/${name}/invocations`,
      query: { Qualifier: of },
      headers: {
        "x-amz-invocation-type": "RequestResponse",
        ...(log === true ? { "x-amz-log-type": "Tail" } : {}),
      },
      json: payload,
      read: "text",
      response: z.string(),
      // The function may take whatever time is left but for our own answer.
      timeoutSeconds: Math.max(1, Math.floor(api.remainingMs() / 1_000) - 2),
    });
    const tail = headers["x-amz-log-result"];
    return {
      payload: jsonOrText(body),
      version: headers["x-amz-executed-version"] ?? null,
      error: headers["x-amz-function-error"] ?? null,
      log: tail === undefined ? null : Buffer.from(tail, "base64").toString(),
    };
  },
});

function jsonOrText(body: string): z.infer<ReturnType<typeof z.json>> {
  try {
    return z.json().parse(JSON.parse(body));
  } catch {
    return body;
  }
}
