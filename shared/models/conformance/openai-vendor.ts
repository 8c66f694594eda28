import * as z from "zod";
import type { ChatMessage, ChatReply, ChatRequest, Finish, ModelDelta, Usage } from "../driver.ts";
import type { TokensField } from "../openai-wire.ts";
import type { VendorCall, VendorWire } from "./vendor.ts";

/** What differs between those who serve OpenAI's protocol. */
export type OpenAiVendor = Pick<VendorWire, "isAuthorized" | "refuse"> & {
  readonly basePath: string;
  readonly tokensField: TokensField;
  /** What a stream begins with, where it does not begin with the answer. */
  readonly firstChunks?: readonly object[];
};

const Schema = z.record(z.string(), z.unknown());
const Call = z.strictObject({
  id: z.string(),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});
// https://platform.openai.com/docs/api-reference/chat/create
const Message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), content: z.string() }),
  z.strictObject({ role: z.literal("user"), content: z.string() }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.nullable(z.string()),
    tool_calls: z.array(Call).min(1).optional(),
  }),
  z.strictObject({ role: z.literal("tool"), tool_call_id: z.string(), content: z.string() }),
]);
const Body = z.strictObject({
  model: z.string(),
  messages: z.array(Message).min(1),
  max_tokens: z.int().positive().optional(),
  max_completion_tokens: z.int().positive().optional(),
  temperature: z.number().optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal("function"),
        function: z.strictObject({
          name: z.string().regex(/^[\w-]{1,64}$/),
          description: z.string(),
          parameters: Schema,
          strict: z.literal(true),
        }),
      }),
    )
    .min(1)
    .optional(),
  response_format: z
    .strictObject({
      type: z.literal("json_schema"),
      json_schema: z.strictObject({ name: z.string(), schema: Schema, strict: z.literal(true) }),
    })
    .optional(),
  stream: z.literal(true).optional(),
  stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
});
const EmbedBody = z.strictObject({
  model: z.string(),
  input: z.array(z.string().min(1)).min(1).max(2048),
  encoding_format: z.literal("float"),
});

/** OpenAI's protocol from the vendor's side. */
export function openAiWire(vendor: OpenAiVendor): VendorWire {
  const { basePath, tokensField, firstChunks = [] } = vendor;
  return {
    ...vendor,
    streamType: "text/event-stream",
    decode(path, body) {
      if (path === `${basePath}/embeddings`) {
        const { model, input } = EmbedBody.parse(body);
        return { kind: "embed", request: { model, texts: input } };
      }
      return path === `${basePath}/chat/completions`
        ? callOf(Body.parse(body), tokensField)
        : undefined;
    },
    reply: (reply) => ({
      ...frame("chat.completion"),
      choices: [
        {
          index: 0,
          message: messageOf(reply),
          logprobs: null,
          finish_reason: reasons[reply.finish],
        },
      ],
      usage: usageOf(reply.usage),
    }),
    pieces: (deltas) => [
      ...[...firstChunks, ...chunksOf(deltas)].map((chunk) => event(JSON.stringify(chunk))),
      event("[DONE]"),
    ],
    // In no particular order: the index says which text it was.
    vectors: ({ vectors, inputTokens }) => ({
      object: "list",
      data: vectors
        .map((embedding, index) => ({ object: "embedding", index, embedding }))
        .toReversed(),
      model: "embedding",
      usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
    }),
  };
}

function callOf(body: z.infer<typeof Body>, tokensField: TokensField): VendorCall {
  const { messages, tools = [], response_format: format, stream } = body;
  const maxTokens = body[tokensField];
  if (maxTokens === undefined) throw new Error(`unsupported parameter: use ${tokensField}`);
  const request: ChatRequest = {
    model: body.model,
    system: messages.find(({ role }) => role === "system")?.content ?? undefined,
    messages: conversationOf(messages),
    tools: tools.map(({ function: { name, description, parameters } }) => {
      return { name, description, input: parameters };
    }),
    output: format?.json_schema,
    maxTokens,
    temperature: body.temperature,
  };
  return { kind: stream === true ? "stream" : "chat", request };
}

function conversationOf(messages: readonly z.infer<typeof Message>[]): ChatMessage[] {
  const known = new Set<string>();
  return messages.flatMap((message): ChatMessage[] => {
    if (message.role === "system") return [];
    if (message.role === "user") return [{ role: "user", text: message.content }];
    if (message.role === "tool") {
      const { tool_call_id: id, content } = message;
      if (!known.has(id)) throw new Error("a result of a call that was never made");
      return [{ role: "tool", results: [{ id, name: "", text: content, isError: false }] }];
    }
    const calls = (message.tool_calls ?? []).map(({ id, function: called }) => {
      known.add(id);
      return { id, name: called.name, input: called.arguments };
    });
    return [{ role: "assistant", text: message.content ?? "", calls }];
  });
}

const reasons: Readonly<Record<Finish, string>> = {
  stop: "stop",
  tools: "tool_calls",
  length: "length",
  filtered: "content_filter",
};

function frame(object: string): object {
  return {
    id: "chatcmpl-1",
    object,
    created: 1_762_000_000,
    model: "model",
    system_fingerprint: null,
  };
}

function messageOf({ text, calls }: ChatReply): object {
  return {
    role: "assistant",
    content: calls.length > 0 ? null : text,
    refusal: null,
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => toolCall(call)) }),
  };
}

function toolCall({ id, name, input }: { id: string; name: string; input: string }): object {
  return { id, type: "function", function: { name, arguments: input } };
}

/** The usage comes last, in a chunk without choices; a tool's input comes in pieces. */
function chunksOf(deltas: readonly ModelDelta[]): object[] {
  const chunk = (
    delta: object,
    finish: string | null = null,
    usage: object | null = null,
  ): object => ({
    ...frame("chat.completion.chunk"),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage,
  });
  const chunks = deltas.flatMap((delta) => {
    if (delta.kind === "text") return [chunk({ content: delta.text })];
    if (delta.kind === "finish") return [chunk({}, reasons[delta.finish])];
    if (delta.kind === "usage") return [];
    const { index, id = "", name = "", input } = delta;
    const parts = [input.slice(0, 4), input.slice(4)];
    return [
      chunk({ tool_calls: [{ index, ...toolCall({ id, name, input: "" }) }] }),
      ...parts.map((part) => chunk({ tool_calls: [{ index, function: { arguments: part } }] })),
    ];
  });
  const used = deltas.find((delta) => delta.kind === "usage");
  const usage = used?.kind === "usage" ? usageOf(used.usage) : null;
  return [
    chunk({ role: "assistant", content: "", refusal: null }),
    ...chunks,
    { ...frame("chat.completion.chunk"), choices: [], usage },
  ];
}

/** The prompt's tokens include those of the cache. */
function usageOf(usage: Usage): object {
  const prompt = usage.inputTokens + usage.cacheReadTokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.outputTokens,
    total_tokens: prompt + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}

function event(data: string): Buffer {
  return Buffer.from(`data: ${data}\n\n`);
}
