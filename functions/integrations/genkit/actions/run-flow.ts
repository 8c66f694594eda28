import { type Api, defineAction } from "#shared/integration";
import * as z from "zod";
import { flow, flowPath, value } from "../client.ts";

/** Runs a flow to its end; gives its result and, where the server tells it, the trace. */
export async function runFlowOn(api: Api, name: string, input: z.infer<typeof value>) {
  const { body, headers } = await api.send({
    method: "POST",
    path: flowPath(name),
    json: { data: input },
    response: z.object({ result: value.default(null) }),
    timeoutSeconds: 60,
  });
  return { result: body.result, traceId: headers["x-genkit-trace-id"] };
}

export const runFlow = defineAction({
  summary: "Run a flow and hear its result",
  docs: "https://genkit.dev/docs/client",
  scopes: [],
  effect: "write",
  idempotency: { kind: "none", why: "a flow may do anything, and its protocol has no key" },
  input: z.object({ flow, input: value.default(null) }),
  output: z.object({ result: value, traceId: z.string().optional() }),
  run: (api, { flow: name, input }) => runFlowOn(api, name, input),
});
