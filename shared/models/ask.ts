import { Fault } from "#shared/errors";
import type * as z from "zod";
import type { ChatMessage, ChatRequest, ModelDriver } from "./driver.ts";
import { toJsonSchema } from "./json-schema.ts";
import type { Task } from "./offer.ts";
import type { ModelNeed } from "./route.ts";
import { specsOf, type Tools } from "./tool.ts";

/** A question to a model. */
export type Ask = {
  readonly system?: string;
  /** One message of the user's, or a conversation that begins and ends with one. */
  readonly prompt: string | readonly ChatMessage[];
  /** The longest answer; 1,024 tokens where it is left out. */
  readonly maxTokens?: number;
  /** 0 to 1; the model's own default where it is left out. */
  readonly temperature?: number;
  /** What the model may ask for; run here, and told to it. */
  readonly tools?: Tools;
  /** How often the model may ask before it must answer; 5 where it is left out. */
  readonly maxToolRounds?: number;
};

export type Prepared = Omit<ChatRequest, "model">;

const DEFAULT_TOKENS = 1_024;
/** Tokens are words and parts of words: what is shorter than this would fit no model's count. */
const BYTES_PER_TOKEN = 4;

/** Checks a question and brings it into the form that drivers take. Throws `invalid_argument`. */
export function prepare(ask: Ask, output: z.ZodType | undefined): Prepared {
  const messages: readonly ChatMessage[] =
    typeof ask.prompt === "string" ? [{ role: "user", text: ask.prompt }] : ask.prompt;
  const [first] = messages;
  if (
    first?.role !== "user" ||
    messages.some(({ role }, index) => role === messages[index - 1]?.role)
  ) {
    throw refused("prompt must begin with the user, and speakers must take turns");
  }
  if (messages.some((message) => message.role === "user" && message.text.trim() === "")) {
    throw refused("a message of the user is empty");
  }
  const { maxTokens = DEFAULT_TOKENS, temperature } = ask;
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    throw refused("maxTokens must be a whole number from 1");
  if (temperature !== undefined && !(temperature >= 0 && temperature <= 1)) {
    throw refused("temperature must be from 0 to 1");
  }
  return {
    system: ask.system === "" ? undefined : ask.system,
    messages,
    tools: specsOf(ask.tools ?? {}),
    output: output === undefined ? undefined : { name: "answer", schema: toJsonSchema(output) },
    maxTokens,
    temperature,
  };
}

/** What a question needs of a model. */
export function needOf(
  request: Prepared,
  {
    task,
    quality,
    cacheShare,
  }: { readonly task: Task; readonly quality: number; readonly cacheShare: number },
): ModelNeed {
  const { tools, output } = request;
  return {
    task,
    quality,
    skills: [
      ...(tools.length > 0 ? (["tools"] as const) : []),
      ...(output === undefined ? [] : (["json"] as const)),
      ...(request.temperature === undefined ? [] : (["temperature"] as const)),
    ],
    inputTokens: leastTokens(sizeBytesOf(request)),
    outputTokens: request.maxTokens,
    cacheShare,
    isBatch: false,
  };
}

/** Throws `too_large` for what a driver cannot carry, before anything is sent. */
export function checkSize(driver: ModelDriver, sizeBytes: number): void {
  if (sizeBytes <= driver.limits.maxRequestBytes) return;
  throw new Fault(
    "too_large",
    `models.chat: the request is larger than the ${driver.limits.maxRequestBytes} bytes that ${driver.name} takes; send less`,
  );
}

/** The size of a request, in bytes of JSON. */
export function sizeBytesOf(request: Prepared | readonly string[]): number {
  return Buffer.byteLength(JSON.stringify(request));
}

/** A careful guess: what is too long by it is too long for certain, in any language. */
export function leastTokens(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BYTES_PER_TOKEN);
}

function refused(what: string): Fault {
  return new Fault("invalid_argument", `models.chat: ${what}; correct it`);
}
