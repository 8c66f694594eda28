import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { publisherModel } from "../client.ts";

export const embedTexts = defineAction({
  summary: "Turn texts into vectors that are near each other where the meaning is",
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api",
  scopes: ["aiplatform.endpoints.predict"],
  effect: "read",
  input: z.object({
    model: publisherModel.default("text-embedding-005"),
    /** At most 250, and 20,000 tokens together; `gemini-embedding-001` takes one. */
    texts: z.array(z.string().min(1)).min(1).max(250),
    /** https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/task-types */
    task: z
      .enum([
        "RETRIEVAL_QUERY",
        "RETRIEVAL_DOCUMENT",
        "SEMANTIC_SIMILARITY",
        "CLASSIFICATION",
        "CLUSTERING",
        "QUESTION_ANSWERING",
        "FACT_VERIFICATION",
        "CODE_RETRIEVAL_QUERY",
      ])
      .optional(),
    /** Of the document, for `RETRIEVAL_DOCUMENT`. */
    title: z.string().min(1).optional(),
    dimensions: z.int().min(1).max(3_072).optional(),
    /** Cuts off what is too long instead of refusing it. */
    truncate: z.boolean().default(false),
  }),
  /** A vector for each text, in order, and how many tokens were read. */
  output: z.object({ vectors: z.array(z.array(z.number())), inputTokens: z.int() }),
  async run(api, { model, texts, task, title, dimensions, truncate }) {
    const { predictions } = await api.request({
      method: "POST",
      path: path`/publishers/google/models/${model}:predict`,
      json: {
        instances: texts.map((content) => ({ content, task_type: task, title })),
        parameters: { autoTruncate: truncate, outputDimensionality: dimensions },
      },
      response: Predicted.refine((answer) => answer.predictions.length === texts.length, {
        error: "are not as many as the texts",
        path: ["predictions"],
      }),
    });
    const counts = predictions.map(({ embeddings }) => embeddings.statistics.token_count);
    return {
      vectors: predictions.map(({ embeddings }) => embeddings.values),
      inputTokens: counts.reduce((sum, count) => sum + count, 0),
    };
  },
});

const Predicted = z.object({
  predictions: z.array(
    z.object({
      embeddings: z.object({
        values: z.array(z.number()),
        statistics: z.object({ token_count: z.int() }),
      }),
    }),
  ),
});
