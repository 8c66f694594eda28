import type { ChatMessage, Finish, ModelDelta, Usage } from "#shared/models";
import * as z from "zod";
import type { Refusal, VendorCall, VendorWire } from "../../../shared/models/conformance/vendor.ts";
import { startVendor, type VendorFake } from "../../../shared/models/conformance.ts";

export const vertexToken = "ya29.a-token-of-the-fake";
const ROOT = "/v1/projects/auterity/locations/europe-west4/publishers/google/models/";

const Text = z.strictObject({ text: z.string().min(1) });
const FunctionCall = z.strictObject({
  functionCall: z.strictObject({ name: z.string(), args: z.looseObject({}) }),
  thoughtSignature: z.string(),
});
const FunctionResponse = z.strictObject({
  functionResponse: z.strictObject({
    name: z.string(),
    response: z.union([
      z.strictObject({ output: z.string() }),
      z.strictObject({ error: z.string() }),
    ]),
  }),
});
// https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference#request
const Body = z.strictObject({
  contents: z
    .array(
      z.strictObject({
        role: z.enum(["user", "model"]),
        parts: z.array(z.union([Text, FunctionCall, FunctionResponse])).min(1),
      }),
    )
    .min(1),
  systemInstruction: z.strictObject({ parts: z.array(Text).min(1) }).optional(),
  tools: z
    .array(
      z.strictObject({
        functionDeclarations: z.array(
          z.strictObject({
            name: z.string(),
            description: z.string(),
            parametersJsonSchema: z.record(z.string(), z.unknown()),
          }),
        ),
      }),
    )
    .optional(),
  generationConfig: z.strictObject({
    maxOutputTokens: z.int().positive(),
    temperature: z.number().optional(),
    responseMimeType: z.literal("application/json").optional(),
    responseJsonSchema: z.record(z.string(), z.unknown()).optional(),
  }),
});
const EmbedBody = z.strictObject({
  instances: z
    .array(z.strictObject({ content: z.string().min(1) }))
    .min(1)
    .max(250),
  parameters: z.strictObject({ autoTruncate: z.boolean() }),
});

type Refused = readonly [status: number, name: string, message: string];

// https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/api-errors
const errors: Readonly<Record<Exclude<Refusal, "filtered">, Refused>> = {
  throttled: [429, "RESOURCE_EXHAUSTED", "Resource exhausted. Please try again later."],
  overloaded: [503, "UNAVAILABLE", "The service is currently unavailable."],
  unauthenticated: [401, "UNAUTHENTICATED", "Request had invalid authentication credentials."],
  "too-long": [
    400,
    "INVALID_ARGUMENT",
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
  ],
  "no-model": [404, "NOT_FOUND", "Publisher Model was not found."],
};

const wire: VendorWire = {
  isAuthorized: ({ headers }) => headers.authorization === `Bearer ${vertexToken}`,
  decode(path, body) {
    const [model = "", operation] = path.startsWith(ROOT) ? path.slice(ROOT.length).split(":") : [];
    if (operation === "predict") {
      const texts = EmbedBody.parse(body).instances.map(({ content }) => content);
      return { kind: "embed", request: { model, texts } };
    }
    if (operation === "generateContent") return callOf("chat", model, Body.parse(body));
    if (operation !== "streamGenerateContent?alt=sse") return undefined;
    return callOf("stream", model, Body.parse(body));
  },
  reply: ({ text, calls, finish, usage }) => {
    const parts = calls.length > 0 ? calls.map((call) => callPart(call)) : [{ text }];
    return { ...candidate(parts, finish), ...usageOf(usage) };
  },
  streamType: "text/event-stream",
  pieces: (deltas) => deltas.flatMap((delta) => pieceOf(delta, deltas)),
  vectors: ({ vectors, inputTokens }) => ({
    predictions: vectors.map((values, index) => {
      // The vendor counts each text; the fake has the sum alone.
      const token_count = index === 0 ? inputTokens : 0;
      return { embeddings: { values, statistics: { truncated: false, token_count } } };
    }),
  }),
  refuse(refusal, quoted) {
    if (refusal === "filtered") {
      const promptFeedback = { blockReason: "PROHIBITED_CONTENT" };
      return { status: 200, body: { promptFeedback, usageMetadata: { promptTokenCount: 1 } } };
    }
    const [code, status, message] = errors[refusal];
    return { status: code, body: { error: { code, status, message: `${message} ${quoted}` } } };
  },
};

/** Starts Vertex AI on the wire, with the models of Google in one location of one project. */
export function startVertex(): Promise<VendorFake> {
  return startVendor(wire);
}

function callOf(kind: "chat" | "stream", model: string, body: z.infer<typeof Body>): VendorCall {
  const { contents, systemInstruction, tools = [], generationConfig } = body;
  const { maxOutputTokens, temperature, responseJsonSchema: schema } = generationConfig;
  const request = {
    model,
    system: systemInstruction?.parts.map(({ text }) => text).join("\n"),
    messages: contents.map(messageOf),
    tools: tools.flatMap(({ functionDeclarations }) =>
      functionDeclarations.map(({ name, description, parametersJsonSchema: input }) => {
        return { name, description, input };
      }),
    ),
    output: schema === undefined ? undefined : { name: "answer", schema },
    maxTokens: maxOutputTokens,
    temperature,
  };
  return { kind, request };
}

function messageOf({ role, parts }: z.infer<typeof Body>["contents"][number]): ChatMessage {
  const responses = parts.flatMap((part) =>
    "functionResponse" in part ? [part.functionResponse] : [],
  );
  if (responses.length > 0) {
    const results = responses.map(({ name, response }) => {
      const isError = "error" in response;
      return { id: "", name, text: isError ? response.error : response.output, isError };
    });
    return { role: "tool", results };
  }
  const text = parts.flatMap((part) => ("text" in part ? [part.text] : [])).join("");
  if (role === "user") return { role, text };
  const calls = parts.flatMap((part) => {
    if (!("functionCall" in part)) return [];
    if (part.thoughtSignature !== SIGNATURE) throw new Error("the signature is missing");
    return [
      { id: "", name: part.functionCall.name, input: JSON.stringify(part.functionCall.args) },
    ];
  });
  return { role: "assistant", text, calls };
}

const SIGNATURE = "c2lnbmVk";
const reasons: Readonly<Record<Finish, string>> = {
  stop: "STOP",
  tools: "STOP",
  length: "MAX_TOKENS",
  filtered: "SAFETY",
};

function callPart({ name, input }: { name: string; input: string }): object {
  return {
    functionCall: { name, args: JSON.parse(input) as unknown },
    thoughtSignature: SIGNATURE,
  };
}

function candidate(parts: readonly object[], finish?: Finish): object {
  const content = { role: "model", parts };
  const reason = finish === undefined ? {} : { finishReason: reasons[finish] };
  return { candidates: [{ content, ...reason }], modelVersion: "model" };
}

/** The usage comes with the last piece, which has the reason too. */
function pieceOf(delta: ModelDelta, deltas: readonly ModelDelta[]): Buffer[] {
  if (delta.kind === "usage") return [];
  const used = deltas.find(({ kind }) => kind === "usage");
  const usage = used?.kind === "usage" ? usageOf(used.usage) : {};
  if (delta.kind === "finish")
    return [event({ ...candidate([{ text: "" }], delta.finish), ...usage })];
  if (delta.kind === "text") return [event(candidate([{ text: delta.text }]))];
  return [event(candidate([callPart({ name: delta.name ?? "", input: delta.input })]))];
}

/** The prompt's tokens include those of the cache, and thinking is counted apart. */
function usageOf({ inputTokens, outputTokens }: Usage): object {
  const thoughtsTokenCount = outputTokens > 1 ? 1 : 0;
  return {
    usageMetadata: {
      promptTokenCount: inputTokens,
      candidatesTokenCount: outputTokens - thoughtsTokenCount,
      thoughtsTokenCount,
      totalTokenCount: inputTokens + outputTokens,
    },
  };
}

function event(data: object): Buffer {
  return Buffer.from(`data: ${JSON.stringify(data)}\r\n\r\n`);
}
