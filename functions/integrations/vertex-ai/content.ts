import * as z from "zod";
import { id, publisherModel } from "./client.ts";

/** https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/FunctionDeclaration */
const toolName = z.string().regex(/^[a-zA-Z_][\w.-]{0,63}$/);
const jsonSchema = z.record(z.string(), z.json());
export const call = z.object({
  name: toolName,
  args: z.record(z.string(), z.json()),
  /** Goes back as it came, if it came: https://cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures */
  signature: z.string().optional(),
});

/** https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/overview */
export const file = z.object({
  type: z.string().regex(/^[a-z]+\/[\w.+-]+$/),
  uri: z.url({ protocol: /^(?:gs|https)$/ }).optional(),
  base64: z.base64().max(9_000_000).optional(),
});

export const message = z.discriminatedUnion("role", [
  z.object({
    role: z.literal("user"),
    text: z.string().max(4_000_000),
    files: z.array(file).max(16).optional(),
  }),
  z.object({
    role: z.literal("model"),
    text: z.string().max(4_000_000).default(""),
    calls: z.array(call).max(64).optional(),
  }),
  z.object({
    role: z.literal("tool"),
    results: z
      .array(z.object({ name: toolName, response: z.record(z.string(), z.json()) }))
      .min(1)
      .max(64),
  }),
]);

/** What a model is asked: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference */
const prompt = {
  /** A model of Google's, or the endpoint of a tuned one. */
  model: publisherModel.optional(),
  endpoint: id.optional(),
  /** Asks the global endpoint instead of the connection's location, which then says nothing about residency. */
  global: z.boolean().optional(),
  system: z.string().min(1).max(1_000_000).optional(),
  messages: z.array(message).min(1).max(1_000),
  /** `input` is a JSON schema. */
  tools: z
    .array(
      z.object({
        name: toolName,
        description: z.string().max(10_000),
        input: jsonSchema.optional(),
      }),
    )
    .max(128)
    .optional(),
  /** `any` has the model call a tool, one of `only` if there is such a list. */
  toolChoice: z
    .object({ mode: z.enum(["auto", "any", "none"]), only: z.array(toolName).optional() })
    .optional(),
  /** The answer is JSON of this schema. */
  schema: jsonSchema.optional(),
  maxTokens: z.int().min(1).max(65_536).optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  stop: z.array(z.string().min(1)).max(5).optional(),
  seed: z.int().optional(),
  /** Tokens for thinking; 0 is none, -1 leaves it to the model. */
  thinkingTokens: z.int().min(-1).max(32_768).optional(),
};
export const Prompt = z.object(prompt);

/** Tokens as they are billed: those of the prompt without the cached ones, and those of the answer with the thoughts. */
export const Usage = z.object({
  inputTokens: z.int(),
  cachedTokens: z.int(),
  outputTokens: z.int(),
});

/** What a model answered. */
export const Answer = z.object({
  text: z.string(),
  calls: z.array(call),
  /** What the text says, where a schema was asked for and the text is whole. */
  json: z.json().optional(),
  finish: z.enum(["stop", "length", "tools", "filtered", "other"]),
  /** In Google's words. */
  finishReason: z.string(),
  model: z.string().optional(),
  usage: Usage,
});
