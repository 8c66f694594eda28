import { Fault } from "#shared/errors";
import { defineStream, path } from "#shared/integration";
import * as z from "zod";
import { functionName, lambdaDocs, qualifier } from "../client.ts";

/** What is kept to be told as a whole; chunks are told without end. */
const MAX_KEPT = 4_000_000;

const Complete = z.object({
  ErrorCode: z.string().nullish(),
  ErrorDetails: z.string().nullish(),
});

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html */
export const invokeStream = defineStream({
  summary: "Invoke a function and pass on its answer as it is made, as text",
  docs: lambdaDocs("InvokeWithResponseStream"),
  scopes: ["lambda:InvokeFunction"],
  effect: "write",
  idempotency: { kind: "none", why: "Lambda takes no key; a repeat runs the function again" },
  input: z.object({ functionName, qualifier: qualifier.optional(), payload: z.json().optional() }),
  chunk: z.object({ text: z.string() }),
  output: z.object({
    text: z.string(),
    /** The text is longer; only its beginning is kept. */
    cut: z.boolean(),
    /** What the function threw, even after a part of its answer. */
    error: z.object({ code: z.string(), details: z.string().nullable() }).nullable(),
  }),
  async *stream(api, { functionName: name, qualifier: of, payload }) {
    const parts = api.stream({
      method: "POST",
      path: path`/2021-11-15/functions/${name}/response-streaming-invocations`,
      query: { Qualifier: of },
      headers: { "x-amz-invocation-type": "RequestResponse" },
      json: payload,
      format: "aws-events",
      chunk: z.object({ event: z.string(), payload: z.instanceof(Uint8Array) }),
      silenceSeconds: Math.max(1, Math.floor(api.remainingMs() / 1_000) - 2),
    });
    const decoder = new TextDecoder();
    let text = "";
    let cut = false;
    for await (const { event, payload: bytes } of parts) {
      if (event === "InvokeComplete") {
        const last = decoder.decode();
        if (last !== "") yield { text: last };
        return { text: text + last, cut, error: errorIn(bytes) };
      }
      const more = event === "PayloadChunk" ? decoder.decode(bytes, { stream: true }) : "";
      if (more === "") continue;
      cut ||= text.length + more.length > MAX_KEPT;
      text += more.slice(0, MAX_KEPT - text.length);
      yield { text: more };
    }
    throw new Fault("unavailable", "aws-lambda.invoke: the stream ended before the function did", {
      origin: "upstream",
      details: { outcome: "unknown" },
    });
  },
});

function errorIn(bytes: Uint8Array): { code: string; details: string | null } | null {
  const { ErrorCode: code, ErrorDetails: details } = Complete.parse(
    JSON.parse(new TextDecoder().decode(bytes)),
  );
  return code === null || code === undefined ? null : { code, details: details ?? null };
}
