import { type ApiTarget, path } from "#shared/integration";
import * as z from "zod";
import { id, publisherModel, wrongInput } from "./client.ts";

/** https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/FunctionDeclaration */
const toolName = z.string().regex(/^[a-zA-Z_][\w.-]{0,63}$/);
const jsonSchema = z.record(z.string(), z.json());
const call = z.object({
  name: toolName,
  args: z.record(z.string(), z.json()),
  /** Goes back as it came, if it came: https://cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures */
  signature: z.string().optional(),
});

/** https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/overview */
const file = z.object({
  type: z.string().regex(/^[a-z]+\/[\w.+-]+$/),
  uri: z.url({ protocol: /^(?:gs|https)$/ }).optional(),
  base64: z.base64().max(9_000_000).optional(),
});

const message = z.discriminatedUnion("role", [
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
export const prompt = {
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
