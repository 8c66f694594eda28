import { Fault } from "#shared/errors";
import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { traceId } from "../client.ts";

const Span = z.object({
  id: z.string(),
  parent: z.string().optional(),
  name: z.string(),
  /** What of Genkit's it is: a flow, a model, a tool. */
  kind: z.string().optional(),
  startedAt: z.string(),
  tookMs: z.number(),
  isFailed: z.boolean(),
  input: z.string().optional(),
  output: z.string().optional(),
});

export const Trace = z.object({
  traceId: z.string(),
  name: z.string().optional(),
  startedAt: z.string().optional(),
  tookMs: z.number().optional(),
  isFailed: z.boolean(),
  spans: z.array(Span),
});

const text = z.string().optional().catch(undefined);

/** https://github.com/firebase/genkit/blob/main/genkit-tools/common/src/types/trace.ts; OpenTelemetry's 2 is an error. */
export const TraceAnswer = z
  .object({
    traceId: z.string(),
    displayName: z.string().optional(),
    startTime: z.number().optional(),
    endTime: z.number().optional(),
    spans: z.record(
      z.string(),
      z.object({
        spanId: z.string(),
        parentSpanId: z.string().optional(),
        displayName: z.string(),
        startTime: z.number(),
        endTime: z.number(),
        status: z.object({ code: z.number() }).optional(),
        attributes: z.looseObject({
          "genkit:type": text,
          "genkit:metadata:subtype": text,
          "genkit:state": text,
          "genkit:input": text,
          "genkit:output": text,
        }),
      }),
    ),
  })
  .transform(({ traceId: id, displayName, startTime, endTime, spans }): z.infer<typeof Trace> => {
    const all = Object.values(spans).toSorted((a, b) => a.startTime - b.startTime);
    const told = all.map(({ attributes, ...span }) => ({
      id: span.spanId,
      parent: span.parentSpanId,
      name: span.displayName,
      kind: attributes["genkit:metadata:subtype"] ?? attributes["genkit:type"],
      startedAt: new Date(span.startTime).toISOString(),
      tookMs: span.endTime - span.startTime,
      isFailed: span.status?.code === 2 || attributes["genkit:state"] === "error",
      input: attributes["genkit:input"],
      output: attributes["genkit:output"],
    }));
    return {
      traceId: id,
      name: displayName,
      startedAt: startTime === undefined ? undefined : new Date(startTime).toISOString(),
      tookMs: startTime === undefined || endTime === undefined ? undefined : endTime - startTime,
      isFailed: told.some(({ isFailed }) => isFailed),
      spans: told,
    };
  });

export const getTrace = defineAction({
  summary: "A trace: its spans with what went in and came out, and how long they took",
  docs: "https://genkit.dev/docs/local-observability",
  scopes: [],
  effect: "read",
  input: z.object({ traceId }),
  output: Trace,
  async run(api, input) {
    const found = await api.request({
      method: "GET",
      path: path`/api/traces/${input.traceId}`,
      response: TraceAnswer.nullish(),
    });
    // A trace that is not there is an empty answer.
    if (found !== undefined && found !== null) return found;
    throw new Fault("not_found", "genkit.get-trace: there is no such trace; list those there are", {
      origin: "upstream",
    });
  },
});
