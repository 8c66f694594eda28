import { isDeepStrictEqual } from "node:util";
import { Fault } from "#shared/errors";
import type { Api } from "#shared/integration";
import * as z from "zod";
import type { Case, Scored, scorer } from "./actions/evaluate-flow.ts";
import { runFlowOn } from "./actions/run-flow.ts";
import type { value } from "./client.ts";
import { fitting } from "./fits-schema.ts";

type Value = z.infer<typeof value>;
type Scorer = z.output<typeof scorer>;
type Score = z.infer<typeof Scored>["scores"][number];

/** What says something of the server, and nothing of the flow: with the first case it ends the evaluation. */
const OUTAGES: ReadonlySet<string> = new Set([
  "not_found",
  "permission_denied",
  "unauthenticated",
  "unavailable",
]);

/** Left for our own answer and one more case. */
const RESERVE_MS = 5_000;

const Verdict = z.object({ score: z.number().min(0).max(1), reason: z.string().optional() });

/** Runs the cases one after the other, as long as there is time. A flow that fails for one case is run for the next. */
export async function evaluate(
  api: Api,
  input: {
    readonly flow: string;
    readonly cases: readonly z.output<typeof Case>[];
    readonly scorers: readonly Scorer[];
    readonly from: number;
  },
) {
  const { flow, cases, scorers, from } = input;
  const judges = scorers.map((one) => ({ name: nameOf(one), score: scoring(api, one) }));
  const scored: z.infer<typeof Scored>[] = [];
  let number = from;
  for (; number < cases.length; number++) {
    if (scored.length > 0 && api.remainingMs() < RESERVE_MS) break;
    const one = cases[number];
    if (one === undefined) break;
    const isFirst = scored.length === 0;
    scored.push(await scoreCase(api, flow, { ...one, number, isFirst }, judges));
  }
  const mean = judges.map(({ name }) => [name, meanOf(scored, name)] as const);
  return {
    cases: scored,
    mean: Object.fromEntries(mean),
    failed: scored.filter(({ failure }) => failure !== undefined).length,
    next: number < cases.length ? number : null,
  };
}

type Judge = {
  readonly name: string;
  readonly score: (one: z.output<typeof Case>, output: Value) => Promise<Omit<Score, "scorer">>;
};

async function scoreCase(
  api: Api,
  flow: string,
  one: z.output<typeof Case> & { readonly number: number; readonly isFirst: boolean },
  judges: readonly Judge[],
): Promise<z.infer<typeof Scored>> {
  const { number } = one;
  let answer: Awaited<ReturnType<typeof runFlowOn>>;
  try {
    answer = await runFlowOn(api, flow, one.input);
  } catch (error) {
    if (!Fault.is(error) || (one.isFirst && OUTAGES.has(error.code))) throw error;
    const scores = judges.map(({ name }) => ({ scorer: name, score: 0 }));
    return { number, failure: error.code, scores };
  }
  const scores: Score[] = [];
  for (const { name, score } of judges) {
    scores.push({ scorer: name, ...(await score(one, answer.result)) });
  }
  return { number, output: answer.result, traceId: answer.traceId, scores };
}

/** A judge is told from another by its flow. */
function nameOf(one: Scorer): string {
  return one.kind === "judge" ? `judge ${one.flow}` : one.kind;
}

function scoring(api: Api, one: Scorer): Judge["score"] {
  if (one.kind === "judge") {
    return async ({ input, expected = null }, output) =>
      Verdict.parse((await runFlowOn(api, one.flow, { input, output, expected })).result);
  }
  if (one.kind === "schema") {
    const isFitting = fitting(one.schema);
    return async (_, output) => verdict(isFitting(output));
  }
  if (one.kind === "exact") {
    return async ({ expected }, output) => verdict(isDeepStrictEqual(output, expected));
  }
  return async ({ expected }, output) =>
    verdict(expected !== undefined && textOf(output).includes(textOf(expected)));
}

function verdict(isRight: boolean): { readonly score: number } {
  return { score: isRight ? 1 : 0 };
}

function textOf(given: Value): string {
  return typeof given === "string" ? given : JSON.stringify(given);
}

function meanOf(scored: readonly z.infer<typeof Scored>[], name: string): number {
  const all = scored.flatMap(({ scores }) => scores.filter((one) => one.scorer === name));
  const sum = all.reduce((total, { score }) => total + score, 0);
  return all.length === 0 ? 0 : Math.round((sum / all.length) * 1e4) / 1e4;
}
