import { Fault } from "#shared/errors";
import type { ClientScope, Ports } from "#shared/function";
import type * as z from "zod";
import { type Ask, checkSize, leastTokens, needOf, prepare, sizeBytesOf } from "./ask.ts";
import { ModelAttempts } from "./attempts.ts";
import { noUsage, sumUsage } from "./collect.ts";
import { Conversation, type Settled } from "./conversation.ts";
import type { ModelDelta, ModelDriver, OpenModels, Usage } from "./driver.ts";
import { costUsd } from "./model-price.ts";
import type { Task } from "./offer.ts";
import { type ModelNeed, type ModelRoute, ModelTable } from "./route.ts";

export type ModelPorts = Pick<Ports, "models" | "clock" | "random">;

/** What the portable class needs of a definition. */
export type ModelsShape = {
  readonly task: Task;
  readonly quality: number;
  /** The share of prompts that a cache is expected to hold. */
  readonly cacheShare: number;
};

/** What every answer says of itself: who gave it, why it was asked, what it used and what that costs. */
export type ModelReceipt = {
  readonly model: string;
  readonly provider: string;
  readonly reason: string;
  readonly usage: Usage;
  readonly costUsd: number;
};

export type ModelAnswer<O = undefined> = ModelReceipt &
  Pick<Settled, "text" | "finish"> & {
    /** Of the schema that was asked for. */
    readonly output: O;
  };

export type ModelVectors = ModelReceipt & {
  /** One per text, in order. */
  readonly vectors: readonly (readonly number[])[];
};

/** Pieces of an answer as they come, then the answer. */
export type StreamedDelta =
  | Exclude<ModelDelta, { kind: "finish" }>
  | ({ readonly kind: "answer" } & ModelAnswer);

const DEFAULT_ROUNDS = 5;

/**
 * Models as functions see them: the cheapest that is good enough for the task answers. Same behaviour over every driver.
 * All methods throw a Fault from `platform` when the vendor fails; nothing of a prompt or an answer is in it.
 */
export class Models {
  readonly #shape: ModelsShape;
  readonly #ports: ModelPorts;
  readonly #scope: ClientScope;

  constructor(shape: ModelsShape, ports: ModelPorts, scope: ClientScope) {
    this.#shape = shape;
    this.#ports = ports;
    this.#scope = scope;
  }

  /**
   * Asks a model and gives its answer, after as many rounds of tools as it takes. With a schema the answer is a value of
   * it: what the model first got wrong it may repair once. Throws `too_large` before anything is sent, and
   * `failed_precondition` when no model is good enough or the vendor filters the content.
   */
  async chat<S extends z.ZodType = z.ZodUndefined>(
    ask: Ask & { readonly output?: S },
  ): Promise<ModelAnswer<z.output<S>>> {
    const { conversation, answer, note } = await this.#converse(ask, ask.output);
    const run = conversation.run(false);
    let next: IteratorResult<ModelDelta, Settled>;
    try {
      next = await run.next();
      while (next.done !== true) next = await run.next();
    } finally {
      note();
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the conversation parsed it with this very schema
    return answer(next.value) as ModelAnswer<z.output<S>>;
  }

  /** As {@link Models.chat}, piece by piece. Throws `unavailable` with the detail `outcome: "partial"` when it breaks off. */
  async *stream(ask: Ask): AsyncGenerator<StreamedDelta, void> {
    const { conversation, answer, note } = await this.#converse(ask, undefined);
    const run = conversation.run(true);
    try {
      for (let next = await run.next(); ; next = await run.next()) {
        if (next.done === true) {
          yield { kind: "answer", ...answer(next.value), output: undefined };
          return;
        }
        if (next.value.kind !== "finish") yield next.value;
      }
    } finally {
      note();
      await run.return({ text: "", output: undefined, finish: "stop" });
    }
  }

  /** Vectors of texts, for comparing them with vectors of the same model. */
  async embed(texts: readonly string[]): Promise<ModelVectors> {
    const driver = await driverOf(this.#ports.models);
    checkSize(driver, Math.max(0, ...texts.map((text) => Buffer.byteLength(text))));
    const longest = Math.max(0, ...texts.map((text) => leastTokens(Buffer.byteLength(text))));
    const need = { ...this.#need, skills: [], inputTokens: longest, outputTokens: 0 };
    const route = routeOf(driver, need);
    const { offer } = route;
    const size = Math.max(1, offer.embedding?.batch ?? 1);
    const attempts = new ModelAttempts(driver, this.#ports, this.#scope);
    const vectors: (readonly number[])[] = [];
    let usage = noUsage;
    try {
      for (let start = 0; start < texts.length; start += size) {
        const batch = { model: offer.id, texts: texts.slice(start, start + size) };
        const reply = await attempts.run("embed", (signal) => driver.embed(batch, signal));
        if (reply.vectors.length !== batch.texts.length) throw miscounted(driver);
        vectors.push(...reply.vectors);
        usage = sumUsage(usage, { ...noUsage, inputTokens: reply.inputTokens });
      }
    } finally {
      this.#note(route, usage);
    }
    return { ...receiptOf(route, usage), vectors };
  }

  async #converse(ask: Ask, output: z.ZodType | undefined): Promise<Conversing> {
    const request = prepare(ask, output);
    const driver = await driverOf(this.#ports.models);
    checkSize(driver, sizeBytesOf(request));
    const route = routeOf(driver, needOf(request, this.#need));
    const { signal } = this.#scope;
    const conversation = new Conversation({
      driver,
      attempts: new ModelAttempts(driver, this.#ports, this.#scope),
      model: route.offer.id,
      request,
      tools: ask.tools ?? {},
      maxToolRounds: ask.maxToolRounds ?? DEFAULT_ROUNDS,
      output,
      signal,
    });
    const answer = (settled: Settled): ModelAnswer<unknown> => ({
      ...settled,
      ...receiptOf(route, conversation.usage),
    });
    return { conversation, answer, note: () => this.#note(route, conversation.usage) };
  }

  /** What was answered is billed, also when the whole came to nothing. */
  #note({ offer: { provider, model, price } }: ModelRoute, tokens: Usage): void {
    this.#scope.used?.push({
      product: `${provider}/${model}`,
      tokens,
      costUsd: (some) => costUsd(price, some),
    });
  }

  get #need(): Pick<ModelNeed, "task" | "quality" | "cacheShare" | "isBatch"> {
    return { ...this.#shape, isBatch: false };
  }
}

type Conversing = {
  readonly conversation: Conversation;
  readonly answer: (settled: Settled) => ModelAnswer<unknown>;
  /** Puts what was used on the receipt. */
  readonly note: () => void;
};

// One per deployment, not per invocation: both live exactly as long as what they are made of.
const opened = new WeakMap<OpenModels, ModelDriver>();
const tables = new WeakMap<ModelDriver, ModelTable>();

/** The process's driver. A failed opening is not remembered. */
async function driverOf(open: OpenModels | undefined): Promise<ModelDriver> {
  if (open === undefined) {
    throw new Fault("unimplemented", "models.open: this host has no models; give it a driver");
  }
  const known = opened.get(open);
  if (known !== undefined) return known;
  const driver = await open();
  opened.set(open, driver);
  return driver;
}

function routeOf(driver: ModelDriver, need: ModelNeed): ModelRoute {
  const table = tables.get(driver) ?? new ModelTable(driver.offers);
  tables.set(driver, table);
  const route = table.route(need);
  if (route !== undefined) return route;
  const isTooLong = table.choose({ ...need, inputTokens: 0, outputTokens: 0 }) >= 0;
  const why = table.rejections(need).map((one) => `${one.model} ${one.why}`);
  throw new Fault(
    isTooLong ? "too_large" : "failed_precondition",
    `models.route: no model of ${driver.name} fits: ${why.join(", ") || "it offers none"}; ${isTooLong ? "send less" : "lower the bar, or offer another model"}`,
    { origin: "platform", details: { driver: driver.name, task: need.task } },
  );
}

function receiptOf({ offer, reason }: ModelRoute, usage: Usage): ModelReceipt {
  const { model, provider, price } = offer;
  return { model, provider, reason, usage, costUsd: costUsd(price, usage) };
}

function miscounted({ name }: ModelDriver): Fault {
  return new Fault(
    "unavailable",
    `models.embed: ${name} gave another number of vectors than it got texts; try again later`,
    {
      origin: "platform",
      details: { driver: name },
    },
  );
}
