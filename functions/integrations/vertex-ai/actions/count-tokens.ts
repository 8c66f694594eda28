import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Prompt } from "../content.ts";

export const countTokens = defineAction({
  summary: "Count the tokens of a prompt before it is sent; costs nothing",
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/get-token-count",
  scopes: ["aiplatform.endpoints.predict"],
  effect: "read",
  input: Prompt,
  output: z.object({ tokens: z.int() }),
  async run(api, input) {
    const { targetOf } = await import("../gemini.ts");
    const response = z.object({ totalTokens: z.int().default(0) });
    const { totalTokens } = await api.request({ ...targetOf(input, "countTokens"), response });
    return { tokens: totalTokens };
  },
});
