import { expect } from "vitest";
import type { Subject } from "./outcomes.ts";
import { conformanceSuite, type Exceptions, judge, type Rule } from "./rules.ts";

/** A defect to seed in a driver, and the rules that must notice it. */
export type Mutant<D> = {
  readonly defect: string;
  readonly caughtBy: readonly string[];
  readonly wrap: (driver: D) => D;
};

/**
 * Proves that a suite can fail: with each defect the rules that are to catch it are run, and every one must fail. Rules
 * that the driver cannot keep anyway prove nothing and are left out.
 */
export function mutantSuite<D>(
  subject: Subject,
  except: Exceptions,
  mutants: readonly Mutant<D>[],
  rulesOver: (wrap: (driver: D) => D) => readonly Rule[],
): void {
  const suite = { ...subject, port: `${subject.port} mutants` };
  conformanceSuite(suite, {}, (add) => {
    for (const [index, { defect, caughtBy, wrap }] of mutants.entries()) {
      const ids = caughtBy.filter((id) => except[id] === undefined);
      if (ids.length === 0) continue;
      const id = `M${String(index + 1).padStart(2, "0")}`;
      add(id, `a driver that ${defect} is caught by ${ids.join(" and ")}`, async () => {
        const rules = rulesOver(wrap).filter((rule) => ids.includes(rule.id));
        const failed: string[] = [];
        for (const rule of rules) {
          const { status } = await judge(rule, undefined);
          if (status === "fail") failed.push(rule.id);
        }
        expect(failed.toSorted()).toEqual([...ids].toSorted());
      });
    }
  });
}
