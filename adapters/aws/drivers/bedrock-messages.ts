import type {
  ContentBlock,
  ConverseCommandInput,
  ConverseCommandOutput,
  ConverseStreamOutput,
  Message,
  TokenUsage,
} from "@aws-sdk/client-bedrock-runtime";
import {
  type ChatMessage,
  type ChatReply,
  type ChatRequest,
  type Finish,
  MalformedAnswer,
  type ModelDelta,
  type Usage,
} from "#shared/models";
import * as z from "zod";

/** A request of Converse: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export function converseInput(request: ChatRequest): ConverseCommandInput {
  const { model, system, messages, tools, output, maxTokens, temperature } = request;
  return {
    modelId: model,
    messages: messages.map(messageOf),
    inferenceConfig: { maxTokens, ...(temperature === undefined ? {} : { temperature }) },
    ...(system === undefined ? {} : { system: [{ text: system }] }),
    ...(tools.length === 0 ? {} : { toolConfig: { tools: tools.map(toolOf) } }),
    // https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
    ...(output === undefined ? {} : { outputConfig: formatOf(output) }),
  };
}

export function replyOf({ output, stopReason, usage }: ConverseCommandOutput): ChatReply {
  const blocks = output?.message?.content;
  if (blocks === undefined) throw new MalformedAnswer("there is no message in the answer");
  return {
    text: blocks.map(({ text }) => text ?? "").join(""),
    calls: blocks.flatMap(({ toolUse }) =>
      toolUse === undefined
        ? []
        : {
            id: toolUse.toolUseId ?? "",
            name: toolUse.name ?? "",
            input: JSON.stringify(toolUse.input ?? {}),
          },
    ),
    finish: finishOf(stopReason),
    usage: usageOf(usage),
  };
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html */
export function* deltasOf(event: ConverseStreamOutput): Generator<ModelDelta> {
  const { contentBlockStart: start, contentBlockDelta: piece, messageStop, metadata } = event;
  const opened = start?.start?.toolUse;
  if (opened !== undefined) {
    const { toolUseId: id, name } = opened;
    yield { kind: "tool", index: start?.contentBlockIndex ?? 0, id, name, input: "" };
  }
  const { text, toolUse } = piece?.delta ?? {};
  if (text !== undefined && text !== "") yield { kind: "text", text };
  if (toolUse !== undefined) {
    yield { kind: "tool", index: piece?.contentBlockIndex ?? 0, input: toolUse.input ?? "" };
  }
  if (messageStop !== undefined) yield { kind: "finish", finish: finishOf(messageStop.stopReason) };
  if (metadata?.usage !== undefined) yield { kind: "usage", usage: usageOf(metadata.usage) };
}

function messageOf(message: ChatMessage): Message {
  if (message.role === "user") return { role: "user", content: [{ text: message.text }] };
  if (message.role === "tool") {
    const content = message.results.map(({ id, text, isError }): ContentBlock => {
      const status = isError ? "error" : "success";
      return { toolResult: { toolUseId: id, content: [{ text }], status } };
    });
    return { role: "user", content };
  }
  const text = message.text === "" ? [] : [{ text: message.text }];
  const calls = message.calls.map(({ id, name, input }): ContentBlock => {
    return { toolUse: { toolUseId: id, name, input: z.json().parse(readJson(input)) } };
  });
  return { role: "assistant", content: [...text, ...calls] };
}

function toolOf({ name, description, input }: ChatRequest["tools"][number]) {
  return { toolSpec: { name, description, inputSchema: { json: z.json().parse(input) } } };
}

function formatOf({ name, schema }: NonNullable<ChatRequest["output"]>) {
  const structure = { jsonSchema: { name, schema: JSON.stringify(schema) } };
  return { textFormat: { type: "json_schema", structure } } as const;
}

const finishes: Readonly<Record<string, Finish>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tools",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  content_filtered: "filtered",
  guardrail_intervened: "filtered",
};

function finishOf(reason: string | undefined): Finish {
  const finish = finishes[reason ?? ""];
  if (finish === undefined) throw new MalformedAnswer("the model stopped for no known reason");
  return finish;
}

/** Bedrock counts what its cache held apart from the input. */
function usageOf(usage: TokenUsage | undefined): Usage {
  return {
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    cacheReadTokens: usage?.cacheReadInputTokens ?? 0,
    cacheWriteTokens: usage?.cacheWriteInputTokens ?? 0,
  };
}

/** What a model wrote goes back to it as it was; what was no JSON was answered with an error, and is an empty input. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
