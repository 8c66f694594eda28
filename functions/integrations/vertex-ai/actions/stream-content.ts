import { defineStream } from "#shared/integration";
import * as z from "zod";
import { Answer, Prompt } from "../content.ts";
import type { Generated } from "../gemini.ts";

export const streamContent = defineStream({
  summary: "Ask Gemini, or a model tuned from it, and hear the answer while it is written",
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference#stream",
  scopes: ["aiplatform.endpoints.predict"],
  effect: "read",
  input: Prompt,
  /** Text that comes next, or calls, which come whole. */
  chunk: z.object({ text: z.string(), calls: Answer.shape.calls }),
  output: Answer,
  async *stream(api, input) {
    const gemini = await import("../gemini.ts");
    const pieces: z.output<typeof Generated>[] = [];
    const events = api.stream({
      ...gemini.targetOf(input, "streamGenerateContent"),
      query: { alt: "sse" },
      format: "sse",
      chunk: z.object({ data: gemini.Generated }),
      silenceSeconds: 60,
    });
    for await (const { data } of events) {
      pieces.push(data);
      const [text, calls] = [gemini.textOf(data), gemini.callsOf(data)];
      if (text !== "" || calls.length > 0) yield { text, calls };
    }
    return gemini.answerOf(pieces, input.schema !== undefined);
  },
});
