import { conformanceSuite, type Exceptions } from "#shared/testing";
import { benchRules } from "./conformance/bench.ts";
import { writeRules } from "./conformance/writes.ts";
import { keyRules } from "./conformance/keys.ts";
import { failureRules } from "./conformance/failures.ts";
import { historyRules } from "./conformance/histories.ts";
import { differentialRule } from "./conformance/differential.ts";
import type { StateDriver } from "./driver.ts";

export type StateHarness = {
  /** What stands behind the driver in this run, if anything does. */
  readonly engine?: string;
  /** A driver; called once per rule. What other rules left behind does no harm. */
  readonly open: () => Promise<StateDriver>;
  /** For how many seeds connections break, where `CONFORMANCE_SEEDS` does not say; 1,000 when left out. */
  readonly seeds?: number;
  /** Rules this store cannot keep, each with its reason. */
  readonly except?: Exceptions;
};

/** The contract of the state port. A driver is done when this passes. */
export function stateConformance(name: string, harness: StateHarness): void {
  const subject = { port: "state", driver: name, engine: harness.engine };
  conformanceSuite(subject, harness.except ?? {}, (rule) => {
    const add = benchRules(rule, harness.open);
    writeRules(add);
    keyRules(add);
    failureRules(add);
    differentialRule(add);
    historyRules(add, Number(process.env["CONFORMANCE_SEEDS"] ?? harness.seeds ?? 1_000));
  });
}
