import { Fault } from "#shared/errors";
import type * as z from "zod";
import { checkSize, type Prepared, sizeBytesOf } from "./ask.ts";
import type { ModelAttempts } from "./attempts.ts";
import { Collector, noUsage, sumUsage } from "./collect.ts";
import type {
  ChatMessage,
  ChatReply,
  ChatRequest,
  ModelDelta,
  ModelDriver,
  Usage,
} from "./driver.ts";
import { parseJson, placesOf, runTools, type Tools } from "./tool.ts";

export type ConversationInit = {
  readonly driver: ModelDriver;
  readonly attempts: ModelAttempts;
  /** The vendor's id of the model. */
  readonly model: string;
  readonly request: Prepared;
  readonly tools: Tools;
  readonly maxToolRounds: number;
  readonly output: z.ZodType | undefined;
  readonly signal: AbortSignal;
};

/** How a conversation ended: by the model's own end or by the limit of its length. */
export type Settled = {
  readonly text: string;
  readonly output: unknown;
  readonly finish: "stop" | "length";
};

/**
 * One question through to its answer: rounds of tools up to a bound, and one repair of an answer that is not of its
 * schema. Holds what it has cost so far, failed rounds included.
 */
export class Conversation {
  readonly #init: ConversationInit;
  readonly #messages: ChatMessage[];
  #usage = noUsage;

  constructor(init: ConversationInit) {
    this.#init = init;
    this.#messages = [...init.request.messages];
  }

  get usage(): Usage {
    return this.#usage;
  }

  /** Gives pieces as they come, where they are streamed, and the end. */
  async *run(isStreamed: boolean): AsyncGenerator<ModelDelta, Settled> {
    const { tools, maxToolRounds, signal } = this.#init;
    let isRepaired = false;
    for (let round = 0; ;) {
      const reply = isStreamed ? yield* this.#streamed() : await this.#whole();
      this.#usage = sumUsage(this.#usage, reply.usage);
      if (reply.finish === "filtered") throw filtered(this.#init.driver);
      if (reply.calls.length > 0 && reply.finish !== "length") {
        if (round === maxToolRounds) throw tooManyRounds(maxToolRounds);
        round += 1;
        const results = await runTools(tools, reply.calls, signal);
        this.#messages.push({ role: "assistant", text: reply.text, calls: reply.calls });
        this.#messages.push({ role: "tool", results });
        continue;
      }
      const settled = this.#settle(reply);
      if (!("mistake" in settled)) return settled;
      if (isRepaired || reply.finish === "length") throw misfit(settled.mistake, reply);
      isRepaired = true;
      this.#messages.push({ role: "assistant", text: reply.text, calls: [] });
      const text = `That is not what was asked for: ${settled.mistake}. Answer again, with JSON of the schema and nothing else.`;
      this.#messages.push({ role: "user", text });
    }
  }

  #settle(reply: ChatReply): Settled | { readonly mistake: string } {
    const { output: schema } = this.#init;
    const finish = reply.finish === "length" ? "length" : "stop";
    if (schema === undefined) return { text: reply.text, output: undefined, finish };
    const json = parseJson(reply.text);
    if (json === undefined) return { mistake: "the whole (no JSON)" };
    const parsed = schema.safeParse(json);
    if (!parsed.success) return { mistake: placesOf(parsed.error) };
    return { text: reply.text, output: parsed.data, finish };
  }

  #whole(): Promise<ChatReply> {
    const request = this.#request();
    return this.#init.attempts.run("chat", (signal) => this.#init.driver.chat(request, signal));
  }

  /** Repeated only until its first piece: what was said cannot be taken back. */
  async *#streamed(): AsyncGenerator<ModelDelta, ChatReply> {
    const { attempts, driver } = this.#init;
    const request = this.#request();
    const collector = new Collector();
    const open = await attempts.run("chat", async (signal) => {
      const iterator = driver.stream(request, signal)[Symbol.asyncIterator]();
      return { iterator, first: await iterator.next() };
    });
    try {
      for (let next = open.first; next.done !== true; next = await open.iterator.next()) {
        collector.add(next.value);
        if (next.value.kind !== "finish") yield next.value;
      }
    } catch (thrown) {
      throw attempts.fault("stream", thrown, { outcome: "partial", ...collector.arrived });
    } finally {
      // Also when nobody listens any more: the vendor stops writing, and billing.
      await open.iterator.return?.();
    }
    const { reply, arrived } = collector;
    if (reply === undefined) throw brokenOff(driver, arrived);
    return reply;
  }

  #request(): ChatRequest {
    const { driver, model, request } = this.#init;
    const next = { ...request, messages: [...this.#messages] };
    checkSize(driver, sizeBytesOf(next));
    return { ...next, model };
  }
}

function filtered({ name }: ModelDriver): Fault {
  return new Fault(
    "failed_precondition",
    `models.chat: ${name} filtered the answer or the question; change what is asked`,
    { origin: "platform", details: { driver: name, reason: "filtered" } },
  );
}

function tooManyRounds(rounds: number): Fault {
  return new Fault(
    "failed_precondition",
    `models.chat: the model asked for tools more than ${rounds} times in a row; raise maxToolRounds or give it fewer tools`,
    { origin: "platform", details: { rounds } },
  );
}

function misfit(places: string, { finish }: ChatReply): Fault {
  const remedy = finish === "length" ? "raise maxTokens" : "try again, or use a better model";
  return new Fault(
    "unavailable",
    `models.chat: the answer does not fit its schema: ${places}; ${remedy}`,
    {
      origin: "platform",
      details: { outcome: "invalid-output", finish },
    },
  );
}

function brokenOff({ name }: ModelDriver, arrived: Collector["arrived"]): Fault {
  return new Fault(
    "unavailable",
    `models.stream: ${name} broke off after ${arrived.receivedChars} characters; ask again, or use what has arrived`,
    { origin: "platform", details: { driver: name, outcome: "partial", ...arrived } },
  );
}
