import {
  collectRules,
  conformanceSuite,
  type Exceptions,
  mutantSuite,
  type Rule,
} from "#shared/testing";
import { answerRules, embedRules } from "./conformance/answers.ts";
import { benchRules, type ModelHarness } from "./conformance/bench.ts";
import { failureRules, mistakeRules } from "./conformance/failures.ts";
import { modelMutants } from "./conformance/mutants.ts";
import type { ModelDriver } from "./driver.ts";

export { startVendor, type VendorFake } from "./conformance/vendor.ts";

/** The contract of the models port. A driver is done when this passes. */
export function modelsConformance<D extends ModelDriver>(
  name: string,
  harness: ModelHarness<D> & {
    readonly engine?: string;
    /** Rules this vendor cannot keep, each with its reason. */
    readonly except?: Exceptions;
  },
): void {
  const { engine, except = {} } = harness;
  const subject = { port: "models", driver: name, engine };
  const rulesOver = (wrap: (driver: D) => D): readonly Rule[] =>
    collectRules((rule) => {
      const add = benchRules(rule, harness, wrap);
      answerRules(add);
      embedRules(add);
      mistakeRules(add);
      failureRules(add);
    });
  conformanceSuite(subject, except, (rule) => {
    for (const { id, title, run } of rulesOver((driver) => driver)) rule(id, title, run);
  });
  mutantSuite<D>(subject, except, modelMutants(), rulesOver);
}
