import { defineStream } from "#shared/integration";
import * as z from "zod";
import { Answer, answerOf, callsOf, Generated, Prompt, targetOf, textOf } from "../content.ts";

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
    const pieces: z.output<typeof Generated>[] = [];
    const events = api.stream({
      ...targetOf(input, "streamGenerateContent"),
      query: { alt: "sse" },
      format: "sse",
      chunk: z.object({ data: Generated }),
      silenceSeconds: 60,
    });
    for await (const { data } of events) {
      pieces.push(data);
      const [text, calls] = [textOf(data), callsOf(data)];
      if (text !== "" || calls.length > 0) yield { text, calls };
    }
    return answerOf(pieces, input.schema !== undefined);
  },
});
