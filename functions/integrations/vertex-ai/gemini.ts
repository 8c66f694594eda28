import { type ApiTarget, path } from "#shared/integration";
import * as z from "zod";
import { wrongInput } from "./client.ts";
import type { Answer, call, file, message, Prompt } from "./content.ts";

// Loaded by the first prompt: a function that only describes its actions does without.

const Part = z.object({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  functionCall: z
    .object({ name: z.string(), args: z.record(z.string(), z.json()).optional() })
    .optional(),
});

const count = z.int().optional();

/** An answer, or a piece of one. */
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
  modelVersion: z.string().optional(),
  usageMetadata: z
    .object({
      promptTokenCount: count,
      candidatesTokenCount: count,
      thoughtsTokenCount: count,
      cachedContentTokenCount: count,
    })
    .optional(),
});

/** What a prompt is sent to, and as what. */
export function targetOf(
  input: z.output<typeof Prompt>,
  verb: "generateContent" | "streamGenerateContent" | "countTokens",
): Omit<ApiTarget, "query"> {
  const { model, endpoint, global } = input;
  if ((model === undefined) === (endpoint === undefined)) {
    throw wrongInput("generate", "it takes a model or an endpoint; give one of them");
  }
  if (endpoint !== undefined && global === true) {
    throw wrongInput("generate", "a tuned model is where it was tuned; leave out global");
  }
  const where =
    endpoint === undefined
      ? path`/publishers/google/models/${model ?? ""}:${verb}`
      : path`/endpoints/${endpoint}:${verb}`;
  return {
    method: "POST",
    ...(global === true ? { host: "global" } : {}),
    path: where,
    json: bodyOf(input),
    timeoutSeconds: 60,
  };
}

function bodyOf(input: z.output<typeof Prompt>): object {
  const { system, messages, tools, toolChoice, schema, thinkingTokens } = input;
  return {
    contents: messages.map(contentOf),
    systemInstruction: system === undefined ? undefined : { parts: [{ text: system }] },
    tools: tools && [
      {
        functionDeclarations: tools.map(({ name, description, input: parametersJsonSchema }) => {
          return { name, description, parametersJsonSchema };
        }),
      },
    ],
    toolConfig: toolChoice && {
      functionCallingConfig: {
        mode: toolChoice.mode.toUpperCase(),
        allowedFunctionNames: toolChoice.only,
      },
    },
    generationConfig: {
      maxOutputTokens: input.maxTokens,
      temperature: input.temperature,
      topP: input.topP,
      stopSequences: input.stop,
      seed: input.seed,
      thinkingConfig: thinkingTokens === undefined ? undefined : { thinkingBudget: thinkingTokens },
      ...(schema === undefined
        ? {}
        : { responseMimeType: "application/json", responseJsonSchema: schema }),
    },
  };
}

function contentOf(turn: z.output<typeof message>): object {
  if (turn.role === "tool") {
    return { role: "user", parts: turn.results.map((one) => ({ functionResponse: one })) };
  }
  const text = turn.text === "" ? [] : [{ text: turn.text }];
  if (turn.role === "user") return { role: "user", parts: [...text, ...filesOf(turn.files)] };
  const calls = (turn.calls ?? []).map(({ name, args, signature }) => {
    return { functionCall: { name, args }, thoughtSignature: signature };
  });
  return { role: "model", parts: [...text, ...calls] };
}

function filesOf(files: readonly z.output<typeof file>[] = []): object[] {
  return files.map(({ type, uri, base64 }) => {
    if ((uri === undefined) === (base64 === undefined)) {
      throw wrongInput("generate", "a file is a uri or base64; give one of them");
    }
    return uri === undefined
      ? { inlineData: { mimeType: type, data: base64 } }
      : { fileData: { mimeType: type, fileUri: uri } };
  });
}

/** The text that a piece adds; thoughts are no part of an answer. */
export function textOf({ candidates: [first] = [] }: z.output<typeof Generated>): string {
  const parts = first?.content?.parts ?? [];
  return parts.map(({ text = "", thought }) => (thought === true ? "" : text)).join("");
}

/** The calls that a piece makes; they come whole. */
export function callsOf({
  candidates: [first] = [],
}: z.output<typeof Generated>): z.infer<typeof call>[] {
  return (first?.content?.parts ?? []).flatMap(({ functionCall, thoughtSignature }) =>
    functionCall === undefined
      ? []
      : [{ name: functionCall.name, args: functionCall.args ?? {}, signature: thoughtSignature }],
  );
}

/** The answer that pieces make together; what is counted stands in the last one that counts. */
export function answerOf(
  pieces: readonly z.output<typeof Generated>[],
  isJson: boolean,
): z.input<typeof Answer> {
  const text = pieces.map(textOf).join("");
  const calls = pieces.flatMap(callsOf);
  const blocked = pieces.find(({ promptFeedback }) => promptFeedback?.blockReason !== undefined);
  const reasons = pieces.flatMap(({ candidates }) => candidates?.[0]?.finishReason ?? []);
  const finishReason = blocked?.promptFeedback?.blockReason ?? reasons.at(-1) ?? "UNSPECIFIED";
  const finish = blocked === undefined ? finishOf(finishReason, calls.length > 0) : "filtered";
  const usage = pieces.findLast(({ usageMetadata }) => usageMetadata !== undefined)?.usageMetadata;
  const prompted = usage?.promptTokenCount ?? 0;
  const cachedTokens = Math.min(prompted, usage?.cachedContentTokenCount ?? 0);
  return {
    text,
    calls,
    json: isJson && finish === "stop" ? jsonOf(text) : undefined,
    finish,
    finishReason,
    model: pieces.at(-1)?.modelVersion,
    usage: {
      inputTokens: prompted - cachedTokens,
      cachedTokens,
      outputTokens: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
    },
  };
}

/** https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/GenerateContentResponse#FinishReason */
const filtered =
  /^(?:IMAGE_)?(?:SAFETY|RECITATION|PROHIBITED_CONTENT)$|^(?:BLOCKLIST|SPII|MODEL_ARMOR)$/;

function finishOf(reason: string, isCalling: boolean): z.infer<typeof Answer>["finish"] {
  if (reason === "STOP") return isCalling ? "tools" : "stop";
  if (reason === "MAX_TOKENS") return "length";
  return filtered.test(reason) ? "filtered" : "other";
}

function jsonOf(text: string): z.infer<ReturnType<typeof z.json>> | undefined {
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
