import { KINDS, PER_SCOPE } from "../../shared/routing/index.ts";
import { CLOUDS } from "./model.ts";
import type { Result } from "./replay.ts";
import type { Inputs, SeedReport } from "./run-seed.ts";
import { marketOf } from "./world.ts";

export type Summary = ReturnType<typeof summarise>;

/**
 * The report: figures of the scored part of the day, as means over the seeds; ratios are means of the seeds' ratios, or
 * null where what they are compared with is free.
 */
export function summarise(inputs: Inputs, seeds: readonly SeedReport[]) {
  const { options, trace, model } = inputs;
  const over = (of: (report: SeedReport) => number): number => mean(seeds.map(of));
  const own = over((report) => routerOf(report).costUsd);
  const oracle = over((report) => report.distributionalOracleUsd);
  const perMonth = model.daysPerMonth / model.scoredShare;
  return {
    costUsd: own,
    lowerBoundUsd: over((report) => report.lowerBoundUsd),
    distributionalOracleUsd: oracle,
    sloViolations: over((report) => routerOf(report).sloViolations),
    costOverLowerBound: ratios(seeds, (report) => [routerOf(report).costUsd, report.lowerBoundUsd]),
    costOverOracle: ratio(own, oracle),
    usdPerMonth: own * perMonth,
    lowerBoundUsdPerDay: over((report) => report.lowerBoundUsd) / model.scoredShare,
    bestStatic: bestStaticOf(seeds),
    policies: policiesOf(seeds, perMonth),
    duplicates: over((report) => routerOf(report).duplicates),
    explorationUsd: over((report) => routerOf(report).exploredUsd),
    explorationShareOfCalls: over((report) => routerOf(report).explored / report.scoredCalls),
    switches: over((report) => routerOf(report).switches),
    nsPerDecision: {
      p50: over((report) => report.decision.p50Ns),
      p99: over((report) => report.decision.p99Ns),
    },
    bytesPerFunction: over((report) => report.bytesPerFunction),
    trace: { name: trace.name, functions: trace.functions.length, calls: trace.calls },
    scale: options.scale ?? trace.calls,
    plan: options.plan,
    fault: options.fault,
    seeds: seeds.map((report) => seedRow(report)),
    assumptions: assumptionsOf(inputs),
  };
}

function seedRow(report: SeedReport) {
  const router = routerOf(report);
  return {
    seed: report.seed,
    calls: report.calls,
    scoredCalls: report.scoredCalls,
    costUsd: router.costUsd,
    lowerBoundUsd: report.lowerBoundUsd,
    boundGapUsd: report.boundGapUsd,
    distributionalOracleUsd: report.distributionalOracleUsd,
    costOverLowerBound: ratio(router.costUsd, report.lowerBoundUsd),
    sloViolations: router.sloViolations,
    bestStatic: report.bestStatic?.policy ?? null,
    costOverBestStatic: ratio(router.costUsd, report.bestStatic?.costUsd ?? 0),
    bestStaticSloViolations: report.bestStatic?.sloViolations ?? null,
    policies: Object.fromEntries(
      report.results.map(({ policy, costUsd, sloViolations, coldStarts, maskBreaks }) => [
        policy,
        { costUsd, sloViolations, coldStarts, keepsMask: maskBreaks === 0 },
      ]),
    ),
  };
}

function policiesOf(seeds: readonly SeedReport[], perMonth: number) {
  const names = seeds[0]?.results.map(({ policy }) => policy) ?? [];
  return Object.fromEntries(
    names.map((name) => {
      const over = (of: (result: Result) => number): number =>
        mean(seeds.map((report) => of(resultOf(report, name))));
      const costUsd = over(({ costUsd: usd }) => usd);
      return [
        name,
        {
          costUsd,
          usdPerMonth: costUsd * perMonth,
          costOverLowerBound: ratios(seeds, (report) => [
            resultOf(report, name).costUsd,
            report.lowerBoundUsd,
          ]),
          sloViolations: over(({ sloViolations }) => sloViolations),
          lateCalls: over(({ lateCalls }) => lateCalls),
          coldStarts: over(({ coldStarts }) => coldStarts),
          keepsMask: seeds.every((report) => resultOf(report, name).maskBreaks === 0),
        },
      ];
    }),
  );
}

function bestStaticOf(seeds: readonly SeedReport[]) {
  const found = seeds.filter(({ bestStatic }) => bestStatic !== undefined);
  return {
    names: [...new Set(found.map(({ bestStatic }) => bestStatic?.policy ?? ""))],
    costOverIt: ratio(
      mean(found.map((report) => routerOf(report).costUsd)),
      mean(found.map(({ bestStatic }) => bestStatic?.costUsd ?? 0)),
    ),
    sloViolations: mean(found.map(({ bestStatic }) => bestStatic?.sloViolations ?? 0)),
  };
}

function assumptionsOf({ books, model, options }: Inputs) {
  const { prices, monthlyGrants } = marketOf(books, model);
  const named = (values: Float64Array) =>
    Object.fromEntries(
      [...values].map((value, r) => [
        `${CLOUDS[Math.floor(r / PER_SCOPE)]}.${KINDS[r % PER_SCOPE]}`,
        value,
      ]),
    );
  return {
    ...model,
    plan: options.plan,
    books: Object.fromEntries(
      Object.entries(books).map(([cloud, { sources: _sources, ...book }]) => [cloud, book]),
    ),
    usdPerUnit: named(prices),
    unitsFreePerMonth: named(monthlyGrants),
    grants: "the month's, in proportion to the scored time; egress included",
    bound:
      "realised warm durations, concurrency 1 (no sharing of an instance), every arm whose warm p95 keeps the target, outages not excluded",
    distributionalOracle:
      "knows each function's true mean of billed units, its count of calls and its share of cold starts, keeps the p95 as the static replays found it, and runs in the same replay as the rest",
    sloViolation: "a function whose p95 answer time over its scored calls is above its target",
    mask: "warm p95 within the target, cloud not down when the call came",
  };
}

function routerOf(report: SeedReport): Result {
  return resultOf(report, "router");
}

function resultOf(report: SeedReport, name: string): Result {
  const found = report.results.find(({ policy }) => policy === name);
  if (found === undefined) throw new Error(`${name} was not run`);
  return found;
}

function ratios(
  seeds: readonly SeedReport[],
  of: (report: SeedReport) => readonly [number, number],
): number | null {
  const each = seeds.map((report) => ratio(...of(report)));
  const known = each.filter((value) => value !== null);
  return known.length === each.length ? mean(known) : null;
}

/** A hundred-thousandth of a cent is nothing to be compared with. */
function ratio(of: number, to: number): number | null {
  return to > 1e-7 ? of / to : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
