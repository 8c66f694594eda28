import {
  collectRules,
  conformanceSuite,
  type Exceptions,
  mutantSuite,
  type Rule,
} from "#shared/testing";
import { type BenchRule, benchRules, StandingClock } from "./conformance/bench.ts";
import { concurrencyRules } from "./conformance/concurrency.ts";
import { differentialRule } from "./conformance/differential.ts";
import { failureRules } from "./conformance/failures.ts";
import { historyRules } from "./conformance/histories.ts";
import { keyRules } from "./conformance/keys.ts";
import { type LateStore, lateStartRule } from "./conformance/late-start.ts";
import { overFaultyNetwork } from "./conformance/made-good.ts";
import { stateMutants } from "./conformance/mutants.ts";
import { writeRules } from "./conformance/writes.ts";
import type { StateDriver } from "./driver.ts";

export type StateHarness = {
  /** What stands behind the driver in this run, if anything does. */
  readonly engine?: string;
  /** A driver; called once per rule. What other rules left behind does no harm. */
  readonly open: () => Promise<StateDriver>;
  /** A driver that cannot reach its store yet; left out where a store needs not be reached. */
  readonly openLate?: () => Promise<LateStore>;
  /** Rules this store cannot keep, each with its reason. */
  readonly except?: Exceptions;
};

type Open = StateHarness["open"];

/** For how many seeds connections break; the variable `CONFORMANCE_SEEDS` says otherwise. */
const SEEDS = 1_000;

/** The contract of the state port. A driver is done when this passes. */
export function stateConformance(name: string, harness: StateHarness): void {
  const { engine, open, openLate, except = {} } = harness;
  const subject = { port: "state", driver: name, engine };
  const rulesOver = (openOne: Open): readonly Rule[] =>
    collectRules((rule) => {
      plainRules(benchRules(rule, openOne));
      concurrencyRules(benchRules(rule, openOne));
      failureRules(benchRules(rule, openOne));
    });
  conformanceSuite(subject, except, (rule) => {
    for (const { id, title, run } of rulesOver(open)) rule(id, title, run);
    lateStartRule(rule, openLate);
    const seeds = Number(process.env["CONFORMANCE_SEEDS"] ?? SEEDS);
    historyRules(benchRules(rule, open), seeds);
  });
  let opened = 0;
  const openFaulty: Open = async () => {
    opened += 1;
    return overFaultyNetwork(await open(), opened);
  };
  const faulty = collectRules((rule) =>
    plainRules(benchRules(rule, openFaulty, () => new StandingClock())),
  );
  const kept = Object.entries(except).filter(([id]) => faulty.some((rule) => rule.id === id));
  conformanceSuite(
    { ...subject, port: "state over a faulty network" },
    Object.fromEntries(kept),
    (rule) => {
      for (const { id, title, run } of faulty) rule(id, title, run);
    },
  );
  mutantSuite(subject, except, stateMutants, (wrap) => rulesOver(async () => wrap(await open())));
}

/** Rules about one client at a time, which plan no failures of their own. */
function plainRules(add: BenchRule): void {
  writeRules(add);
  keyRules(add);
  differentialRule(add);
}
