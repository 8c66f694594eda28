import { Fault } from "#shared/errors";
import type { ModelOffer, ModelSkill, Task } from "./offer.ts";
import { checkPrice, type ModelPrice } from "./model-price.ts";

/** What a call needs of a model, and the tokens that it is expected to take. */
export type ModelNeed = {
  readonly task: Task;
  /** The least quality for the task, 0 to 1. */
  readonly quality: number;
  readonly skills: readonly ModelSkill[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The share of the input that a cache is expected to hold, 0 to 1. */
  readonly cacheShare: number;
  /** The answer may wait for hours. */
  readonly isBatch: boolean;
};

/** A decision that can be explained. */
export type ModelRoute = {
  readonly offer: ModelOffer;
  readonly reason: string;
  /** Of this one call, as expected. */
  readonly costUsd: number;
  readonly rejected: readonly { readonly model: string; readonly why: string }[];
};

const NEVER = Number.POSITIVE_INFINITY;
const skillBits = { tools: 1, json: 2, temperature: 4 } as const satisfies Record<
  ModelSkill,
  number
>;

/** Candidates laid out for a quick choice: one pass over plain arrays, nothing allocated. */
export class ModelTable {
  readonly offers: readonly ModelOffer[];
  readonly #quality = new Map<Task, Float64Array>();
  readonly #skills: Uint8Array;
  readonly #context: Float64Array;
  readonly #maxOutput: Float64Array;
  /** Rows of rates: each offer's own, its batch rates, then its tiers. */
  readonly #rates: Float64Array;
  readonly #firstRow: Uint32Array;

  /** Throws `invalid_argument` for a price or a quality that nobody can mean. */
  constructor(offers: readonly ModelOffer[]) {
    for (const offer of offers) checkOffer(offer);
    this.offers = offers;
    this.#skills = Uint8Array.from(offers, ({ skills }) => bitsOf(skills));
    this.#context = Float64Array.from(offers, ({ contextTokens }) => contextTokens);
    this.#maxOutput = Float64Array.from(offers, ({ maxOutputTokens }) => maxOutputTokens);
    const rows = offers.map(({ price }) => rowsOf(price));
    this.#rates = Float64Array.from(rows.flat(2));
    this.#firstRow = new Uint32Array(offers.length + 1);
    for (const [index, own] of rows.entries()) {
      this.#firstRow[index + 1] = (this.#firstRow[index] ?? 0) + own.length;
    }
  }

  /** The index of the cheapest offer that meets the need, and of two equally cheap ones the better; -1 where none does. */
  choose(need: ModelNeed): number {
    const quality = this.#qualityOf(need.task);
    const bits = bitsOf(need.skills);
    const total = need.inputTokens + need.outputTokens;
    let best = -1;
    let bestUsd = NEVER;
    let bestQuality = 0;
    for (let index = 0; index < quality.length; index += 1) {
      const own = quality[index] ?? 0;
      if (own < need.quality || own === 0) continue;
      if (((this.#skills[index] ?? 0) & bits) !== bits) continue;
      if ((this.#context[index] ?? 0) < total) continue;
      if ((this.#maxOutput[index] ?? 0) < need.outputTokens) continue;
      const usd = this.costUsd(index, need);
      if (usd > bestUsd || (usd === bestUsd && own <= bestQuality)) continue;
      best = index;
      bestUsd = usd;
      bestQuality = own;
    }
    return best;
  }

  /** What the need is expected to cost at an offer. */
  costUsd(index: number, need: ModelNeed): number {
    const first = this.#firstRow[index] ?? 0;
    const end = this.#firstRow[index + 1] ?? 0;
    let row = need.isBatch ? first + 1 : first;
    for (let tier = first + 2; tier < end; tier += 1) {
      if (need.inputTokens > (this.#rates[tier * ROW] ?? NEVER)) row = tier;
    }
    const at = row * ROW;
    const cached = need.inputTokens * need.cacheShare;
    return (
      ((need.inputTokens - cached) * (this.#rates[at + 1] ?? NEVER) +
        cached * (this.#rates[at + 2] ?? NEVER) +
        need.outputTokens * (this.#rates[at + 3] ?? NEVER)) /
      1e6
    );
  }

  /** The choice with its reason, and why the others were not chosen; `undefined` where no offer meets the need. */
  route(need: ModelNeed): ModelRoute | undefined {
    const chosen = this.choose(need);
    const offer = this.offers[chosen];
    if (offer === undefined) return undefined;
    const costUsd = this.costUsd(chosen, need);
    const fitting = this.offers.filter((other) => lackOf(other, need) === undefined).length;
    return {
      offer,
      reason: `cheapest of ${fitting} that reach ${need.quality} at ${need.task}`,
      costUsd,
      rejected: this.rejections(need).filter((_, index) => index !== chosen),
    };
  }

  /** Why each offer, in order, would not be chosen. */
  rejections(need: ModelNeed): { readonly model: string; readonly why: string }[] {
    return this.offers.map((offer, index) => ({
      model: offer.model,
      why: lackOf(offer, need) ?? `costs ${this.costUsd(index, need).toPrecision(3)} USD`,
    }));
  }

  #qualityOf(task: Task): Float64Array {
    const known = this.#quality.get(task);
    if (known !== undefined) return known;
    const made = Float64Array.from(this.offers, ({ quality }) => quality[task] ?? 0);
    this.#quality.set(task, made);
    return made;
  }
}

/** Prompt limit, input, cached input, output. */
const ROW = 4;

function rowsOf(price: ModelPrice): number[][] {
  const { batch = price, above = [] } = price;
  const row = (
    limit: number,
    { input, output, cacheRead = input }: typeof batch & { cacheRead?: number | undefined },
  ) => [limit, input, cacheRead, output];
  return [row(0, price), row(0, batch), ...above.map((tier) => row(tier.promptTokens, tier))];
}

function bitsOf(skills: readonly ModelSkill[]): number {
  let bits = 0;
  for (const skill of skills) bits |= skillBits[skill];
  return bits;
}

function lackOf(offer: ModelOffer, need: ModelNeed): string | undefined {
  const quality = offer.quality[need.task];
  if (quality === undefined || quality === 0) return `is not used for ${need.task}`;
  if (quality < need.quality) return `reaches ${quality} at ${need.task}`;
  const missing = need.skills.find((skill) => !offer.skills.includes(skill));
  if (missing !== undefined) return `has no ${missing}`;
  if (offer.contextTokens < need.inputTokens + need.outputTokens) {
    return `holds ${offer.contextTokens} tokens`;
  }
  if (offer.maxOutputTokens < need.outputTokens) return `writes ${offer.maxOutputTokens} tokens`;
  return undefined;
}

function checkOffer({ model, price, quality }: ModelOffer): void {
  checkPrice(price, model);
  for (const [task, value] of Object.entries(quality)) {
    if (value >= 0 && value <= 1) continue;
    throw new Fault(
      "invalid_argument",
      `models.route: the quality of "${model}" at ${task} is ${value}; give a number from 0 to 1`,
    );
  }
}
