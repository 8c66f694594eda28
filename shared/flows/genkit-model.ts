import { Fault } from "#shared/errors";
import {
  type ChatMessage,
  type ChatReply,
  type ChatRequest,
  Collector,
  type ModelDriver,
} from "#shared/models";
import * as z from "zod";

/** https://github.com/firebase/genkit/blob/main/js/ai/src/model-types.ts */
const Part = z.object({
  text: z.string().optional(),
  toolRequest: z
    .object({ name: z.string(), ref: z.string().optional(), input: z.unknown().optional() })
    .optional(),
  toolResponse: z
    .object({ name: z.string(), ref: z.string().optional(), output: z.unknown().optional() })
    .optional(),
  media: z.unknown().optional(),
});
type Part = z.infer<typeof Part>;

const schema = z.record(z.string(), z.unknown());

const GenkitRequest = z.object({
  messages: z.array(
    z.object({ role: z.enum(["system", "user", "model", "tool"]), content: z.array(Part) }),
  ),
  config: z
    .object({ temperature: z.number().optional(), maxOutputTokens: z.int().optional() })
    .optional(),
  tools: z
    .array(
      z.object({
        name: z.string(),
        description: z.string().default(""),
        inputSchema: schema.nullish(),
      }),
    )
    .optional(),
  output: z.object({ format: z.string().optional(), schema: schema.optional() }).optional(),
});
type GenkitRequest = z.infer<typeof GenkitRequest>;

/** What Genkit calls a model's answer. */
export type GenkitAnswer = {
  readonly message: { readonly role: "model"; readonly content: readonly GenkitPart[] };
  readonly finishReason: "stop" | "length" | "blocked";
  readonly usage: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cachedContentTokens: number;
    readonly totalTokens: number;
  };
};

type GenkitPart =
  | { readonly text: string }
  | {
      readonly toolRequest: {
        readonly name: string;
        readonly ref: string;
        readonly input: unknown;
      };
    };

/** A piece of an answer, for `sendChunk`. */
export type GenkitChunk = { readonly content: readonly GenkitPart[] };

/** A model for `ai.defineModel({ apiVersion: "v2", ...model.info }, model.run)`. */
export type GenkitModel = {
  readonly info: {
    readonly name: string;
    readonly label: string;
    readonly supports: {
      readonly multiturn: true;
      readonly systemRole: true;
      readonly media: false;
      readonly tools: boolean;
      readonly output: string[];
      readonly constrained: "all" | "none";
    };
  };
  /** Answers whole, or in pieces where that is requested. Tools are Genkit's to run. */
  readonly run: (
    request: unknown,
    options?: {
      readonly streamingRequested?: boolean;
      readonly sendChunk?: ((chunk: GenkitChunk) => void) | undefined;
      readonly abortSignal?: AbortSignal | undefined;
    },
  ) => Promise<GenkitAnswer>;
};

const DEFAULT_TOKENS = 1_024;

/**
 * One of a driver's models as a plug-in of Genkit, `<driver>/<model>`: messages, tools, a schema for the answer, pieces,
 * and what was used. Throws `not_found` for a model that the driver does not offer; its `run` throws what the driver
 * throws, and `invalid_argument` or `unimplemented` for what no driver takes.
 */
export function genkitModel(driver: ModelDriver, model: string): GenkitModel {
  const offer = driver.offers.find((one) => one.model === model);
  if (offer === undefined) {
    throw new Fault("not_found", `flow.model: ${driver.name} offers no "${model}"`);
  }
  const isJson = offer.skills.includes("json");
  return {
    info: {
      name: `${driver.name}/${model}`,
      label: `${model} of ${offer.provider}`,
      supports: {
        multiturn: true,
        systemRole: true,
        media: false,
        tools: offer.skills.includes("tools"),
        output: isJson ? ["text", "json"] : ["text"],
        constrained: isJson ? "all" : "none",
      },
    },
    async run(raw, { streamingRequested, sendChunk, abortSignal } = {}) {
      const request = chatRequest(readRequest(raw), offer.id);
      const signal = abortSignal ?? new AbortController().signal;
      if (streamingRequested !== true || sendChunk === undefined)
        return answerOf(await driver.chat(request, signal));
      const collector = new Collector();
      for await (const delta of driver.stream(request, signal)) {
        collector.add(delta);
        if (delta.kind === "text") sendChunk({ content: [{ text: delta.text }] });
      }
      if (collector.reply !== undefined) return answerOf(collector.reply);
      throw new Fault("unavailable", `flow.model: ${driver.name} broke off; ask again`, {
        origin: "platform",
        details: { outcome: "partial", ...collector.arrived },
      });
    },
  };
}

function readRequest(raw: unknown): GenkitRequest {
  const parsed = GenkitRequest.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault(
    "invalid_argument",
    `flow.model: ${issue?.path.join(".") ?? "the request"} is not as Genkit sends it`,
  );
}

function chatRequest(
  { messages, config, tools, output }: GenkitRequest,
  model: string,
): ChatRequest {
  if (messages.some(({ content }) => content.some(({ media }) => media !== undefined))) {
    throw new Fault("unimplemented", "flow.model: the port takes text only; leave out media");
  }
  const system = messages.filter(({ role }) => role === "system").map(textOf);
  return {
    model,
    system: system.length === 0 ? undefined : system.join("\n\n"),
    messages: turnsOf(messages),
    tools: (tools ?? []).map(({ name, description, inputSchema }) => ({
      name,
      description,
      input: withoutDialect(inputSchema ?? { type: "object", properties: {} }),
    })),
    output:
      output?.schema === undefined
        ? undefined
        : { name: "answer", schema: withoutDialect(output.schema) },
    maxTokens: config?.maxOutputTokens ?? DEFAULT_TOKENS,
    temperature: config?.temperature,
  };
}

/** Vendors take the schema and not the name of its dialect. */
function withoutDialect(given: z.infer<typeof schema>): z.infer<typeof schema> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== "$schema"));
}

type Message = GenkitRequest["messages"][number];

/** Drivers want speakers to take turns; Genkit lets them go on. */
function turnsOf(messages: readonly Message[]): ChatMessage[] {
  const turns: Message[] = [];
  for (const message of messages) {
    if (message.role === "system") continue;
    const last = turns.at(-1);
    if (last?.role === message.role) {
      turns[turns.length - 1] = { ...last, content: [...last.content, ...message.content] };
    } else turns.push(message);
  }
  return turns.map(turnOf);
}

function turnOf(message: Message): ChatMessage {
  const { role, content } = message;
  if (role === "tool") {
    const results = content.flatMap(({ toolResponse }) => toolResponse ?? []);
    return {
      role: "tool",
      results: results.map(({ name, ref, output }, index) => ({
        id: ref ?? `call_${index}`,
        name,
        text: typeof output === "string" ? output : (JSON.stringify(output) ?? "null"),
        isError: false,
      })),
    };
  }
  if (role === "user") return { role: "user", text: textOf(message) };
  const calls = content.flatMap(({ toolRequest }) => toolRequest ?? []);
  return {
    role: "assistant",
    text: textOf(message),
    calls: calls.map(({ name, ref, input }, index) => ({
      id: ref ?? `call_${index}`,
      name,
      input: JSON.stringify(input ?? {}),
    })),
  };
}

function textOf({ content }: { readonly content: readonly Part[] }): string {
  return content.map(({ text = "" }) => text).join("");
}

const finishes = { stop: "stop", tools: "stop", length: "length", filtered: "blocked" } as const;

function answerOf({ text, calls, finish, usage }: ChatReply): GenkitAnswer {
  const inputTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return {
    message: {
      role: "model",
      content: [
        ...(text === "" && calls.length > 0 ? [] : [{ text }]),
        ...calls.map(({ id, name, input }) => ({
          toolRequest: { name, ref: id, input: inputOf(input) },
        })),
      ],
    },
    finishReason: finishes[finish],
    usage: {
      inputTokens,
      outputTokens: usage.outputTokens,
      cachedContentTokens: usage.cacheReadTokens,
      totalTokens: inputTokens + usage.outputTokens,
    },
  };
}

/** A model's own words for what a tool is to do, which may be no JSON: Genkit then tells the model. */
function inputOf(text: string): unknown {
  try {
    return JSON.parse(text === "" ? "{}" : text) as unknown;
  } catch {
    return text;
  }
}
