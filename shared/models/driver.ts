import type { Code } from "#shared/errors";
import type { ModelOffer } from "./offer.ts";

/** A schema as vendors take it: https://json-schema.org/draft/2020-12 */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a model asks its caller to do. */
export type ToolCall = {
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it: unchecked. */
  readonly input: string;
};

/** What came of a tool call. */
export type ToolResult = {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly isError: boolean;
};

/** One turn of a conversation. */
export type ChatMessage =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly calls: readonly ToolCall[] }
  | { readonly role: "tool"; readonly results: readonly ToolResult[] };

/** A tool as a model is told of it. */
export type ToolSpec = {
  readonly name: string;
  readonly description: string;
  readonly input: JsonSchema;
};

export type ChatRequest = {
  /** The vendor's id of an offer. */
  readonly model: string;
  readonly system: string | undefined;
  /** Begins with the user, and no two messages of one role follow each other. */
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolSpec[];
  /** The answer has to be JSON of this schema. */
  readonly output: { readonly name: string; readonly schema: JsonSchema } | undefined;
  readonly maxTokens: number;
  readonly temperature: number | undefined;
};

/** Why a model stopped. `filtered` is a vendor's refusal to answer or to go on. */
export type Finish = "stop" | "tools" | "length" | "filtered";

/** Tokens as they are billed; the four never overlap, whatever a vendor counts together. */
export type Usage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
};

export type ChatReply = {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly finish: Finish;
  readonly usage: Usage;
};

/** A piece of an answer. The pieces of one tool call share an index; its id and name come with the first. */
export type ModelDelta =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "tool";
      readonly index: number;
      readonly id?: string | undefined;
      readonly name?: string | undefined;
      readonly input: string;
    }
  | { readonly kind: "usage"; readonly usage: Usage }
  | { readonly kind: "finish"; readonly finish: Finish };

export type EmbedRequest = { readonly model: string; readonly texts: readonly string[] };

/** One vector per text, in order. */
export type EmbedReply = {
  readonly vectors: readonly (readonly number[])[];
  readonly inputTokens: number;
};

/**
 * What a vendor of models must provide: one attempt, no retry, no validation. Throw whatever the SDK throws, and for a
 * stream that ends before its finish nothing in particular: the portable class sees that.
 */
export interface ModelDriver {
  readonly name: string;
  /** The models that this deployment may use here, with their prices. */
  readonly offers: readonly ModelOffer[];
  readonly limits: {
    /** The largest request, in bytes of its JSON. */
    readonly maxRequestBytes: number;
  };
  chat(request: ChatRequest, signal: AbortSignal): Promise<ChatReply>;
  stream(request: ChatRequest, signal: AbortSignal): AsyncIterable<ModelDelta>;
  embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedReply>;
  /** Category of an error thrown by the methods above; `undefined` when unknown. */
  codeOf(error: unknown): Code | undefined;
  /** How long the vendor asked to wait, where it did. */
  retryAfterMsOf(error: unknown, nowMs: number): number | undefined;
  close(): Promise<void>;
}

/** The port: opened on first use, so that a function without models does not load a driver. */
export type OpenModels = () => Promise<ModelDriver>;
