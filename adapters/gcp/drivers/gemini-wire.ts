import {
  type ChatMessage,
  type ChatReply,
  type ChatRequest,
  type EmbedReply,
  type Finish,
  MalformedAnswer,
  type ModelDelta,
  type Usage,
} from "#shared/models";
import * as z from "zod";

const Part = z.object({
  text: z.string().optional(),
  /** What the model thought, which is no part of its answer. */
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  functionCall: z.object({ name: z.string(), args: z.looseObject({}).optional() }).optional(),
});

/** An answer or a piece of one: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference#response */
export const Generated = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(Part).optional() }).optional(),
        finishReason: z.string().optional(),
      }),
    )
    .optional(),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  usageMetadata: z
    .object({
      promptTokenCount: z.number().optional(),
      candidatesTokenCount: z.number().optional(),
      thoughtsTokenCount: z.number().optional(),
      cachedContentTokenCount: z.number().optional(),
    })
    .optional(),
});
type Generated = z.infer<typeof Generated>;

/** https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api#response_body */
export const Predicted = z.object({
  predictions: z.array(
    z.object({
      embeddings: z.object({
        values: z.array(z.number()),
        statistics: z.object({ token_count: z.number() }),
      }),
    }),
  ),
});

/** The body of generateContent and streamGenerateContent. */
export function generateBody(request: ChatRequest): object {
  const { system, messages, tools, output, maxTokens, temperature } = request;
  const declared = tools.map(({ name, description, input }) => {
    return { name, description, parametersJsonSchema: input };
  });
  return {
    contents: messages.map(contentOf),
    ...(system === undefined ? {} : { systemInstruction: { parts: [{ text: system }] } }),
    ...(declared.length === 0 ? {} : { tools: [{ functionDeclarations: declared }] }),
    generationConfig: {
      maxOutputTokens: maxTokens,
      ...(temperature === undefined ? {} : { temperature }),
      ...(output === undefined
        ? {}
        : { responseMimeType: "application/json", responseJsonSchema: output.schema }),
    },
  };
}

/** A whole answer. */
export function replyOf(generated: Generated): ChatReply {
  const parts = partsOf(generated);
  const finish = finishOf(generated);
  if (finish === undefined) throw new MalformedAnswer("the answer does not say why it ended");
  return {
    text: parts.map(({ text = "" }) => text).join(""),
    calls: parts
      .filter(({ functionCall }) => functionCall !== undefined)
      .map((part, index) => {
        const { name = "", args = {} } = part.functionCall ?? {};
        return { id: idOf(part, index), name, input: JSON.stringify(args) };
      }),
    finish,
    usage: usageOf(generated),
  };
}

/** A piece of an answer; calls come whole, and are counted through the stream. */
export function* deltasOf(generated: Generated, callsBefore: number): Generator<ModelDelta> {
  let index = callsBefore;
  for (const part of partsOf(generated)) {
    if (part.text !== undefined && part.text !== "") yield { kind: "text", text: part.text };
    if (part.functionCall === undefined) continue;
    const { name, args = {} } = part.functionCall;
    yield { kind: "tool", index, id: idOf(part, index), name, input: JSON.stringify(args) };
    index += 1;
  }
  if (generated.usageMetadata !== undefined) yield { kind: "usage", usage: usageOf(generated) };
  const finish = finishOf(generated);
  if (finish !== undefined) yield { kind: "finish", finish };
}

export function vectorsOf({ predictions }: z.infer<typeof Predicted>): EmbedReply {
  return {
    vectors: predictions.map(({ embeddings }) => embeddings.values),
    inputTokens: predictions.reduce((sum, one) => sum + one.embeddings.statistics.token_count, 0),
  };
}

function contentOf(message: ChatMessage): object {
  if (message.role === "user") return { role: "user", parts: [{ text: message.text }] };
  if (message.role === "tool") {
    const parts = message.results.map(({ name, text, isError }) => {
      return { functionResponse: { name, response: isError ? { error: text } : { output: text } } };
    });
    return { role: "user", parts };
  }
  const calls = message.calls.map(({ id, name, input }) => {
    const [, thoughtSignature] = id.split(SIGNED);
    const functionCall = { name, args: readObject(input) };
    return { functionCall, ...(thoughtSignature === undefined ? {} : { thoughtSignature }) };
  });
  const text = message.text === "" ? [] : [{ text: message.text }];
  return { role: "model", parts: [...text, ...calls] };
}

function partsOf({ candidates: [first] = [] }: Generated): z.infer<typeof Part>[] {
  return (first?.content?.parts ?? []).filter(({ thought }) => thought !== true);
}

/**
 * Calls have no ids here. A model that thinks wants back what it signed them with, and an id goes back as it came:
 * https://cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures
 */
const SIGNED = "|";

function idOf({ thoughtSignature }: z.infer<typeof Part>, index: number): string {
  return thoughtSignature === undefined
    ? `call_${index}`
    : `call_${index}${SIGNED}${thoughtSignature}`;
}

// https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/GenerateContentResponse#FinishReason
const finishes: Readonly<Record<string, Finish>> = {
  STOP: "stop",
  MAX_TOKENS: "length",
  SAFETY: "filtered",
  RECITATION: "filtered",
  BLOCKLIST: "filtered",
  PROHIBITED_CONTENT: "filtered",
  SPII: "filtered",
  MODEL_ARMOR: "filtered",
};

function finishOf(generated: Generated): Finish | undefined {
  if (generated.promptFeedback?.blockReason !== undefined) return "filtered";
  const reason = generated.candidates?.[0]?.finishReason;
  if (reason === undefined) return undefined;
  const finish = finishes[reason];
  if (finish === undefined) throw new MalformedAnswer("the model stopped for no usable reason");
  const isCalling = partsOf(generated).some(({ functionCall }) => functionCall !== undefined);
  return finish === "stop" && isCalling ? "tools" : finish;
}

/** The prompt's tokens include those of the cache; what was thought is billed as output and counted apart. */
function usageOf({ usageMetadata: usage = {} }: Generated): Usage {
  const prompt = usage.promptTokenCount ?? 0;
  const cacheReadTokens = Math.min(prompt, usage.cachedContentTokenCount ?? 0);
  return {
    inputTokens: prompt - cacheReadTokens,
    outputTokens: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    cacheReadTokens,
    cacheWriteTokens: 0,
  };
}

function readObject(text: string): unknown {
  try {
    return z.looseObject({}).parse(JSON.parse(text));
  } catch {
    return {};
  }
}
