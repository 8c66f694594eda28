import { Fault } from "#shared/errors";
import type {
  ChatReply,
  ChatRequest,
  ModelDelta,
  ModelDriver,
  ToolCall,
  Usage,
} from "../driver.ts";
import type { ModelOffer } from "../offer.ts";
import { answerFrom, summaryOf } from "./extract.ts";
import { fill } from "./fill.ts";
import { countTokens, firstTokens, sentencesOf, wordsOfName } from "./text.ts";
import { DIMENSIONS, vectorOf } from "./vectors.ts";

const free = { input: 0, output: 0, isFree: true } as const;
const CONTEXT_TOKENS = 1_000_000;

/** What works without a key; its quality is the bar that {@link models} has where none is given. */
export const embeddedOffers: readonly ModelOffer[] = [
  {
    provider: "embedded",
    model: "embedded-extractive",
    id: "embedded-extractive",
    quality: { answer: 0.1, summarise: 0.1, classify: 0.1, extract: 0.1 },
    skills: ["tools", "json", "temperature"],
    contextTokens: CONTEXT_TOKENS,
    maxOutputTokens: CONTEXT_TOKENS,
    price: free,
  },
  {
    provider: "embedded",
    model: "embedded-hashing",
    id: "embedded-hashing",
    quality: { embed: 0.1 },
    skills: [],
    contextTokens: CONTEXT_TOKENS,
    maxOutputTokens: 0,
    price: free,
    embedding: { dimensions: DIMENSIONS, batch: 256 },
  },
];

/**
 * The embedded method: no language model, but rules that take their answers word for word from what they were given.
 * Deterministic, without a key, without a network. It finds the sentence that answers a question, shortens a text, fills
 * a schema with what the text says, and calls a tool that the question names; what is not in the text it does not know.
 */
export function embeddedModels(): ModelDriver {
  return {
    name: "embedded",
    offers: embeddedOffers,
    limits: { maxRequestBytes: 4 * 1024 * 1024 },
    async chat(request, signal) {
      signal.throwIfAborted();
      return embeddedReply(request);
    },
    async *stream(request, signal) {
      for (const delta of deltasOf(embeddedReply(request))) {
        signal.throwIfAborted();
        yield delta;
      }
    },
    async embed({ texts }, signal) {
      signal.throwIfAborted();
      const inputTokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
      return { vectors: texts.map((text) => vectorOf(text)), inputTokens };
    },
    codeOf: (error) => (Fault.is(error) ? error.code : undefined),
    retryAfterMsOf: () => undefined,
    async close() {},
  };
}

/** What the method answers. */
export function embeddedReply(request: ChatRequest): ChatReply {
  const call = toolCallOf(request);
  const whole = call === undefined ? textOf(request) : "";
  const text = firstTokens(whole, request.maxTokens);
  const usage = usageOf(request, call === undefined ? text : call.input);
  if (call !== undefined) return { text: "", calls: [call], finish: "tools", usage };
  return { text, calls: [], finish: text === whole ? "stop" : "length", usage };
}

/** An answer in pieces, a word at a time. */
export function deltasOf(reply: ChatReply): ModelDelta[] {
  const words = reply.text.match(/\s*\S+/gu) ?? [];
  return [
    ...words.map((text): ModelDelta => ({ kind: "text", text })),
    ...reply.calls.map(({ id, name, input }, index): ModelDelta => {
      return { kind: "tool", index, id, name, input };
    }),
    { kind: "usage", usage: reply.usage },
    { kind: "finish", finish: reply.finish },
  ];
}

/** A call of the first tool that the question names and that was not called for it yet. */
function toolCallOf({ messages, tools }: ChatRequest): ToolCall | undefined {
  const last = messages.at(-1);
  if (last?.role !== "user") return undefined;
  const said = last.text.toLowerCase();
  const named = tools.find(
    ({ name }) => said.includes(wordsOfName(name).join(" ")) || said.includes(name.toLowerCase()),
  );
  if (named === undefined) return undefined;
  const input = JSON.stringify(fill(named.input, last.text));
  return { id: `call_${messages.length}`, name: named.name, input };
}

function textOf({ system = "", messages, output }: ChatRequest): string {
  const asked = messages.findLast(({ role }) => role === "user");
  const question = asked?.role === "user" ? asked.text : "";
  const last = messages.at(-1);
  const found = last?.role === "tool" ? last.results.map(({ text }) => text).join("\n") : "";
  const said = messages.flatMap((message) => (message.role === "user" ? [message.text] : []));
  if (output !== undefined) return JSON.stringify(fill(output.schema, [...said, found].join("\n")));
  const asks = sentencesOf(question).filter((sentence) => sentence.endsWith("?"));
  if (found !== "")
    return asks.length > 0 && sentencesOf(found).length > 1
      ? answerFrom(found, asks.join(" "))
      : found;
  if (asks.length === 0) return summaryOf(question);
  return answerFrom([system, ...said].join("\n"), asks.join(" "));
}

function usageOf({ system = "", messages }: ChatRequest, answered: string): Usage {
  const texts = messages.map((message) =>
    message.role === "tool" ? message.results.map(({ text }) => text).join(" ") : message.text,
  );
  const inputTokens = [system, ...texts].reduce((sum, text) => sum + countTokens(text), 0);
  return {
    inputTokens,
    outputTokens: countTokens(answered),
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  };
}
