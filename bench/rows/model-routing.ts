import { type ModelNeed, type ModelOffer, ModelTable } from "../../shared/models/index.ts";
import { seededRandom } from "../../shared/testing/seeded-random.ts";
import { quantile } from "../measure.ts";
import type { Figure, Row } from "../report.ts";

const CANDIDATES = [8, 32, 64, 200];
const MOST_AT = 64;
const MOST_US = 1;
const ROUNDS = 2_001;
const CALLS = 200;

/** How long it takes to choose a model, by how many there are: quality bar, skills, context, mix of tokens, tiers. */
export async function modelRouting(): Promise<Row> {
  return {
    id: "model-routing",
    title: "Choosing the cheapest model that is good enough",
    figures: CANDIDATES.flatMap(measure),
    notes: [
      `each figure of ${ROUNDS} rounds of ${CALLS} choices; a third of the candidates have tiers`,
    ],
  };
}

function measure(count: number): Figure[] {
  const random = seededRandom(count);
  const table = new ModelTable(
    Array.from({ length: count }, (_, index) => offerOf(index, random.next)),
  );
  const needs = Array.from({ length: 64 }, () => needOf(random.next));
  let chosen = 0;
  const round = (): number => {
    const before = performance.now();
    for (let call = 0; call < CALLS; call += 1) {
      const need = needs[call & 63];
      if (need !== undefined) chosen += table.choose(need);
    }
    return ((performance.now() - before) * 1000) / CALLS;
  };
  for (let warm = 0; warm < 200; warm += 1) round();
  const us = Array.from({ length: ROUNDS }, round);
  if (chosen <= 0) throw new Error("no model was ever chosen");
  const [p50, p99] = [quantile(us, 0.5), quantile(us, 0.99)];
  const bound = count <= MOST_AT ? { target: `≤ ${MOST_US}`, met: p50 <= MOST_US } : {};
  return [
    { name: `${count} candidates, p50`, value: p50, unit: "µs", ...bound },
    { name: `${count} candidates, p99`, value: p99, unit: "µs" },
  ];
}

function offerOf(index: number, next: () => number): ModelOffer {
  const input = 0.05 + next() * 5;
  const output = input * (2 + next() * 6);
  const tier = { promptTokens: 200_000, input: input * 2, output: output * 1.5 };
  return {
    provider: "bench",
    model: `model-${index}`,
    id: `model-${index}`,
    quality: { answer: next() },
    skills: next() < 0.7 ? ["tools", "json"] : [],
    contextTokens: 128_000 * (1 + Math.floor(next() * 8)),
    maxOutputTokens: 32_000,
    price: { input, output, cacheRead: input / 10, ...(index % 3 === 0 ? { above: [tier] } : {}) },
  };
}

function needOf(next: () => number): ModelNeed {
  return {
    task: "answer",
    quality: next() * 0.9,
    skills: next() < 0.5 ? ["tools"] : [],
    inputTokens: Math.floor(next() * 300_000),
    outputTokens: Math.floor(next() * 4_000),
    cacheShare: next(),
    isBatch: false,
  };
}
