import { expect } from "vitest";
import * as z from "zod";
import { similarity } from "../embedded/vectors.ts";
import { costUsd } from "../model-price.ts";
import type { StreamedDelta } from "../models.ts";
import { tool } from "../tool.ts";
import type { Bench, BenchRule } from "./bench.ts";

const shop = "Our shop opens at nine. It sells tea and coffee. Dogs may come in.";
const question = `${shop} When does the shop open?`;
const opens = "Our shop opens at nine.";
const canUnicode = "Zürich grüßt 東京 und sendet 👋🏽 “é”.";

/** What a model says, and how it is told what to do. */
export function answerRules(rule: BenchRule): void {
  rule(
    "M01",
    "an answer says who gave it, why, what it used and what that costs",
    async (bench) => {
      const answer = await bench.open("answer").chat({ prompt: question });
      expect(answer).toMatchObject({ text: opens, finish: "stop", output: undefined });
      expect(answer.reason).toMatch(/^cheapest of \d+ that reach 0.1 at answer$/);
      const offer = bench.driver.offers.find(({ model }) => model === answer.model);
      expect(offer?.provider).toBe(answer.provider);
      expect(answer.usage.inputTokens).toBeGreaterThan(15);
      expect(answer.usage.outputTokens).toBe(6);
      if (offer !== undefined) expect(answer.costUsd).toBe(costUsd(offer.price, answer.usage));
    },
  );

  rule("M02", "the pieces of a stream make the answer that comes whole", async (bench) => {
    const models = bench.open("answer");
    const pieces = await all(models.stream({ prompt: question }));
    const texts = pieces.flatMap((piece) => (piece.kind === "text" ? [piece.text] : []));
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.join("")).toBe(opens);
    const { kind, ...answer } = pieces.at(-1) ?? { kind: "text" };
    expect(kind).toBe("answer");
    expect(answer).toEqual(await models.chat({ prompt: question }));
  });

  rule("M03", "what the system says is known to the model", async (bench) => {
    const prompt = "When does the shop open?";
    expect((await bench.open("answer").chat({ system: shop, prompt })).text).toBe(opens);
    expect((await bench.open("answer").chat({ prompt })).text).not.toContain("nine");
  });

  rule("M04", "what was said before is part of the question", async (bench) => {
    const answer = await bench.open("answer").chat({
      prompt: [
        { role: "user", text: shop },
        { role: "assistant", text: "Thank you.", calls: [] },
        { role: "user", text: "When does the shop open?" },
      ],
    });
    expect(answer.text).toBe(opens);
  });

  rule("M05", "letters of any script come back as they went", async (bench) => {
    const models = bench.open("summarise");
    expect((await models.chat({ prompt: canUnicode })).text).toBe(canUnicode);
    const pieces = await all(models.stream({ prompt: canUnicode }));
    expect(pieces.map((piece) => (piece.kind === "text" ? piece.text : "")).join("")).toBe(
      canUnicode,
    );
  });

  rule("M06", "an answer ends where it was told to, and says so", async (bench) => {
    const models = bench.open("answer");
    const short = { prompt: question, maxTokens: 3 };
    expect(await models.chat(short)).toMatchObject({ text: "Our shop opens", finish: "length" });
    const pieces = await all(models.stream(short));
    expect(pieces.at(-1)).toMatchObject({
      kind: "answer",
      text: "Our shop opens",
      finish: "length",
    });
  });

  rule("M07", "an answer of a schema is a value of it", async (bench) => {
    const output = z.object({
      orderId: z.string(),
      items: z.int().describe("how many items"),
      mood: z.enum(["angry", "friendly"]),
      phone: z.nullable(z.string()),
    });
    const prompt = "Order id: A-4711. The customer is angry about 3 items.";
    const { output: read } = await bench.open("extract").chat({ prompt, output });
    expect(read).toMatchObject({ orderId: "A-4711", items: 3, mood: "angry" });
  });

  toolRules(rule);
}

function toolRules(rule: BenchRule): void {
  rule(
    "M08",
    "a tool that the model asks for is run, and its result is known to it",
    async (bench) => {
      expect(await askWeather(bench, false)).toEqual({
        cities: ["Zürich"],
        text: "It rains in Zürich.",
      });
    },
  );

  rule("M09", "a tool is asked for in pieces, too", async (bench) => {
    expect(await askWeather(bench, true)).toEqual({
      cities: ["Zürich"],
      text: "It rains in Zürich.",
    });
  });
}

async function askWeather(
  bench: Bench,
  isStreamed: boolean,
): Promise<{ cities: string[]; text: string }> {
  const cities: string[] = [];
  const weather = tool({
    description: "The weather of a city",
    input: z.object({ city: z.string() }),
    run: async ({ city }) => {
      cities.push(city);
      return `It rains in ${city}.`;
    },
  });
  const ask = { prompt: "Call get weather. City: Zürich", tools: { get_weather: weather } };
  const models = bench.open("answer");
  if (!isStreamed) return { cities, text: (await models.chat(ask)).text };
  const last = (await all(models.stream(ask))).at(-1);
  return { cities, text: last?.kind === "answer" ? last.text : "" };
}

/** Vectors of texts. */
export function embedRules(rule: BenchRule): void {
  rule("M10", "every text has a vector, in order, however many there are", async (bench) => {
    const models = bench.open("embed");
    const batch =
      bench.driver.offers.find(({ embedding }) => embedding !== undefined)?.embedding?.batch ?? 1;
    const texts = Array.from({ length: batch + 2 }, (_, index) => `Text ${index * 7} grüßt`);
    const { vectors, usage, costUsd: usd, model } = await models.embed(texts);
    expect(vectors).toHaveLength(texts.length);
    const lengths = new Set(vectors.map((vector) => vector.length));
    expect(lengths.size).toBe(1);
    const [last] = (await models.embed(texts.slice(-1))).vectors;
    expect(vectors.at(-1)).toEqual(last);
    expect(vectors[0]).not.toEqual(last);
    expect(usage.inputTokens).toBe(texts.length * 3);
    const offer = bench.driver.offers.find((one) => one.model === model);
    if (offer !== undefined) expect(usd).toBe(costUsd(offer.price, usage));
    expect((await models.embed([])).vectors).toEqual([]);
  });

  rule("M11", "texts that are alike have vectors that are near", async (bench) => {
    const texts = ["the invoice was paid", "an invoice that was paid late", "two cats sleep"];
    const [a = [], b = [], c = []] = (await bench.open("embed").embed(texts)).vectors;
    expect(similarity(a, b)).toBeGreaterThan(similarity(a, c));
    expect(similarity(a, a)).toBeCloseTo(1);
  });
}

/** All pieces of a stream. */
export async function all(stream: AsyncIterable<StreamedDelta>): Promise<StreamedDelta[]> {
  const pieces: StreamedDelta[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}
