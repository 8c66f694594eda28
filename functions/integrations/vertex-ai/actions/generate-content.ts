import { defineAction } from "#shared/integration";
import { Answer, Prompt } from "../content.ts";

export const generateContent = defineAction({
  summary: "Ask Gemini, or a model tuned from it, with tools, files and a schema for the answer",
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference",
  scopes: ["aiplatform.endpoints.predict"],
  effect: "read",
  input: Prompt,
  output: Answer,
  async run(api, input) {
    const { answerOf, Generated, targetOf } = await import("../gemini.ts");
    const target = targetOf(input, "generateContent");
    const generated = await api.request({ ...target, response: Generated });
    return answerOf([generated], input.schema !== undefined);
  },
});
