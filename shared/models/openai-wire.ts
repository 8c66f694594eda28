import * as z from "zod";
import type {
  ChatMessage,
  ChatReply,
  ChatRequest,
  EmbedReply,
  Finish,
  ModelDelta,
  Usage,
} from "./driver.ts";
import { MalformedAnswer } from "./model-http.ts";

// https://platform.openai.com/docs/api-reference/chat/object
const OpenAiUsage = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number().optional(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});

const FinishReason = z.string().nullish();

const ToolCallPart = z.object({
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});

/** A whole answer. */
export const Completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(ToolCallPart).nullish(),
        }),
        finish_reason: FinishReason,
      }),
    )
    .min(1),
  usage: OpenAiUsage.nullish(),
});

/** A piece of an answer: https://platform.openai.com/docs/api-reference/chat-streaming */
export const CompletionChunk = z.object({
  choices: z.array(
    z.object({
      delta: z
        .object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(ToolCallPart.extend({ index: z.number() })).nullish(),
        })
        .optional(),
      finish_reason: FinishReason,
    }),
  ),
  usage: OpenAiUsage.nullish(),
});

/** https://platform.openai.com/docs/api-reference/embeddings/object */
export const Embeddings = z.object({
  data: z.array(z.object({ index: z.number(), embedding: z.array(z.number()) })),
  usage: OpenAiUsage,
});

/** How a server calls the limit of an answer: older ones know the first name, models that think only the second. */
export type TokensField = "max_tokens" | "max_completion_tokens";

/** The body of a request. A stream tells its usage only when asked to. */
export function completionBody(
  request: ChatRequest,
  isStreamed: boolean,
  tokensField: TokensField,
): object {
  const { model, system, messages, tools, output, maxTokens, temperature } = request;
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      ...messages.flatMap(messagesOf),
    ],
    [tokensField]: maxTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolOf) }),
    ...(output === undefined
      ? {}
      : { response_format: { type: "json_schema", json_schema: { ...output, strict: true } } }),
    ...(isStreamed ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}

export function replyOf({ choices, usage }: z.infer<typeof Completion>): ChatReply {
  const [choice] = choices;
  const { content, refusal, tool_calls: calls } = choice?.message ?? {};
  return {
    text: content ?? "",
    calls: (calls ?? []).map((call, index) => ({
      id: call.id ?? `call_${index}`,
      name: call.function?.name ?? "",
      input: call.function?.arguments ?? "",
    })),
    finish: typeof refusal === "string" ? "filtered" : finishOf(choice?.finish_reason),
    usage: usageOf(usage),
  };
}

export function* deltasOfChunk({
  choices,
  usage,
}: z.infer<typeof CompletionChunk>): Generator<ModelDelta> {
  // Azure's first chunk has no choice, and the one with the usage has none either.
  const [choice] = choices;
  const { content, refusal, tool_calls: calls } = choice?.delta ?? {};
  if (typeof content === "string" && content !== "") yield { kind: "text", text: content };
  for (const { index, id, function: called } of calls ?? []) {
    yield {
      kind: "tool",
      index,
      id: id ?? undefined,
      name: called?.name ?? undefined,
      input: called?.arguments ?? "",
    };
  }
  if (usage !== undefined && usage !== null) yield { kind: "usage", usage: usageOf(usage) };
  if (typeof refusal === "string") yield { kind: "finish", finish: "filtered" };
  else if (typeof choice?.finish_reason === "string") {
    yield { kind: "finish", finish: finishOf(choice.finish_reason) };
  }
}

/** Vectors in the order of their texts, which is the index's and not always the answer's. */
export function vectorsOf({ data, usage }: z.infer<typeof Embeddings>): EmbedReply {
  const vectors = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
  return { vectors, inputTokens: usage.prompt_tokens };
}

function messagesOf(message: ChatMessage): object[] {
  if (message.role === "user") return [{ role: "user", content: message.text }];
  if (message.role === "tool") {
    return message.results.map(({ id, text, isError }) => {
      return { role: "tool", tool_call_id: id, content: isError ? `error: ${text}` : text };
    });
  }
  const calls = message.calls.map(({ id, name, input }) => {
    return { id, type: "function", function: { name, arguments: input } };
  });
  const content = message.text === "" && calls.length > 0 ? null : message.text;
  return [{ role: "assistant", content, ...(calls.length === 0 ? {} : { tool_calls: calls }) }];
}

function toolOf({ name, description, input }: ChatRequest["tools"][number]): object {
  return { type: "function", function: { name, description, parameters: input, strict: true } };
}

const finishes: Readonly<Record<string, Finish>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tools",
  function_call: "tools",
  content_filter: "filtered",
};

function finishOf(reason: string | null | undefined): Finish {
  const finish = finishes[reason ?? ""];
  if (finish === undefined)
    throw new MalformedAnswer("the vendor stopped for no reason that it documents");
  return finish;
}

/** The vendor counts what its cache held as a part of the prompt. A server that counts nothing says nothing. */
function usageOf(usage: z.infer<typeof OpenAiUsage> | null | undefined): Usage {
  const {
    prompt_tokens: prompt = 0,
    completion_tokens: outputTokens = 0,
    prompt_tokens_details: details,
  } = usage ?? {};
  const cacheReadTokens = Math.min(prompt, details?.cached_tokens ?? 0);
  return {
    inputTokens: prompt - cacheReadTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens: 0,
  };
}
