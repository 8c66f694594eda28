import * as fc from "fast-check";
import { expect, it } from "vitest";
import { azureOffers, bedrockOffers, vertexOffers } from "./catalogue.ts";
import { costUsd } from "./model-price.ts";
import type { ModelOffer } from "./offer.ts";
import { type ModelNeed, ModelTable } from "./route.ts";

const offers = [...bedrockOffers, ...azureOffers, ...vertexOffers];
const need: ModelNeed = {
  task: "summarise",
  quality: 0.7,
  skills: [],
  inputTokens: 10_000,
  outputTokens: 1_000,
  cacheShare: 0,
  isBatch: false,
};

it("chooses the cheapest that is good enough, and can say why", () => {
  const route = new ModelTable(offers).route(need);
  expect(route).toMatchObject({
    offer: { model: "gpt-5-mini", provider: "azure-openai" },
    reason: "cheapest of 7 that reach 0.7 at summarise",
    costUsd: 0.0045,
  });
  expect(route?.rejected).toHaveLength(offers.length - 1);
  expect(route?.rejected).toContainEqual({ model: "nova-micro", why: "reaches 0.5 at summarise" });
  expect(route?.rejected).toContainEqual({ model: "gpt-5", why: "costs 0.0225 USD" });
  expect(route?.rejected).toContainEqual({
    model: "titan-embed-text-v2",
    why: "is not used for summarise",
  });
});

it("takes the mix into account, which no list of prices does", () => {
  const table = new ModelTable(offers);
  const modelFor = (change: Partial<ModelNeed>): string | undefined =>
    table.route({ ...need, ...change })?.offer.model;
  // Dearer to read, cheaper to write.
  expect(modelFor({ quality: 0.5, inputTokens: 100, outputTokens: 5_000 })).toBe("nova-micro");
  expect(modelFor({ quality: 0.5, skills: ["json"], cacheShare: 1 })).toBe("gpt-5-nano");
  expect(modelFor({ skills: ["temperature"] })).toBe("gemini-2.5-flash");
  expect(modelFor({ quality: 0.7, inputTokens: 500_000 })).toBe("gemini-2.5-flash");
  expect(modelFor({ quality: 0.95 })).toBeUndefined();
});

it("lets no absurd price in, however cheap it looks", () => {
  const [first] = offers;
  if (first === undefined) throw new Error("no offers");
  for (const input of [-1, 0, Number.NaN, 3e-6, 3e6]) {
    const odd: ModelOffer = { ...first, model: "odd", price: { ...first.price, input } };
    expect(() => new ModelTable([...offers, odd]), String(input)).toThrow(/"odd"/);
  }
  const free: ModelOffer = { ...first, price: { input: 0, output: 0, isFree: true } };
  expect(new ModelTable([free]).route({ ...need, quality: 0.5 })?.costUsd).toBe(0);
  const better: ModelOffer = { ...first, quality: { answer: 1.5 } };
  expect(() => new ModelTable([better])).toThrow(/quality/);
});

it("agrees with a search of all offers by their prices", () => {
  const usd = fc.double({ min: 0.01, max: 100, noNaN: true });
  const offer = fc.record({
    input: usd,
    output: usd,
    tier: fc.integer({ min: 1, max: 2_000 }),
    batch: fc.boolean(),
    quality: fc.constantFrom(0.3, 0.6, 0.9),
  });
  const anyNeed = fc.record({
    inputTokens: fc.integer({ min: 0, max: 3_000 }),
    outputTokens: fc.integer({ min: 0, max: 3_000 }),
    cached: fc.boolean(),
    isBatch: fc.boolean(),
    quality: fc.constantFrom(0.2, 0.5, 0.9),
  });
  fc.assert(
    fc.property(fc.array(offer, { maxLength: 12 }), anyNeed, (drawn, { cached, ...asked }) => {
      const all = drawn.map(({ input, output, tier, batch, quality }, index): ModelOffer => ({
        provider: "p",
        model: String(index),
        id: String(index),
        quality: { answer: quality },
        skills: [],
        contextTokens: 10_000,
        maxOutputTokens: 10_000,
        price: {
          input,
          output,
          cacheRead: input / 2,
          above: [{ promptTokens: tier, input: input * 2, output: output * 1.5 }],
          ...(batch ? { batch: { input: input / 2, output: output / 2 } } : {}),
        },
      }));
      const wanted: ModelNeed = { ...need, ...asked, task: "answer", cacheShare: cached ? 1 : 0 };
      const usage = {
        inputTokens: cached ? 0 : wanted.inputTokens,
        cacheReadTokens: cached ? wanted.inputTokens : 0,
        outputTokens: wanted.outputTokens,
        cacheWriteTokens: 0,
      };
      const costs = all
        .filter(({ quality }) => (quality.answer ?? 0) >= wanted.quality)
        .map(({ price }) => costUsd(price, usage, wanted.isBatch));
      const route = new ModelTable(all).route(wanted);
      const least = costs.length === 0 ? -1 : Math.min(...costs);
      expect(route?.costUsd ?? -1).toBeCloseTo(least, 10);
    }),
  );
});
