import { afterAll, describe, expect, it } from "vitest";
import { type Outcome, type Subject, writeOutcomes } from "./outcomes.ts";

/**
 * Why a driver cannot keep a rule. `sometimes` is for what breaks it at times, which no run can be sure to see: an
 * engine that is not quite its service, or a defect that is open and says so.
 */
export type Exception = string | { readonly sometimes: string };

/** Rules a driver cannot keep, by id, each with its reason. */
export type Exceptions = Readonly<Record<string, Exception>>;

/** One claim about a port. `run` throws where it does not hold. */
export type Rule = {
  readonly id: string;
  readonly title: string;
  readonly run: () => Promise<void>;
  /** For rules that take longer than a test usually may. */
  readonly timeoutSeconds?: number | undefined;
};

/** Adds one rule to a suite. */
export type AddRule = (
  id: string,
  title: string,
  run: () => Promise<void>,
  options?: Pick<Rule, "timeoutSeconds">,
) => void;

/** The rules of a suite as data, to be run by whoever likes. Throws for an id that is there twice. */
export function collectRules(define: (rule: AddRule) => void): readonly Rule[] {
  const rules = new Map<string, Rule>();
  define((id, title, run, options) => {
    if (rules.has(id)) throw new Error(`two rules are called ${id}; give one of them another id`);
    rules.set(id, { id, title, run, ...options });
  });
  return [...rules.values()];
}

/**
 * Runs one rule and tells what came of it. An exception is run too and must fail, so that it cannot outlive its
 * reason.
 */
export async function judge({ run }: Rule, exception: Exception | undefined): Promise<Outcome> {
  try {
    await run();
  } catch (error) {
    if (exception !== undefined) return { status: "declared", reason: reasonOf(exception) };
    return {
      status: "fail",
      reason: error instanceof Error ? error.message : String(error),
      error,
    };
  }
  if (exception === undefined) return { status: "pass" };
  if (typeof exception === "object") return { status: "declared", reason: reasonOf(exception) };
  const error = new Error(`the rule holds, so drop its exception: ${exception}`);
  return { status: "fail", reason: error.message, error };
}

function reasonOf(exception: Exception): string {
  return typeof exception === "string" ? exception : `at times: ${exception.sometimes}`;
}

/**
 * A conformance suite: the same rules for every driver of a port, one test each. With the variable `CONFORMANCE_OUT`
 * the outcomes are appended to the file it names, one line of JSON per rule.
 */
export function conformanceSuite(
  subject: Subject,
  except: Exceptions,
  define: (rule: AddRule) => void,
): void {
  const { port, driver, engine } = subject;
  const rules = collectRules(define);
  const outcomes = new Map<string, Outcome>();
  // oxlint-disable-next-line vitest/valid-title -- the driver's name is what tells the suites apart
  describe(`${port} conformance: ${engine === undefined ? driver : `${driver} on ${engine}`}`, () => {
    afterAll(() => writeOutcomes(subject, rules, outcomes));
    for (const rule of rules) {
      const { id, title, timeoutSeconds } = rule;
      const reason = except[id];
      const name = `${id} ${title}${reason === undefined ? "" : ` (except: ${reasonOf(reason)})`}`;
      const timeout = timeoutSeconds === undefined ? {} : { timeout: timeoutSeconds * 1000 };
      // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- both are the rule's
      it(name, timeout, async () => {
        const outcome = await judge(rule, reason);
        outcomes.set(id, outcome);
        if (outcome.status === "fail") throw outcome.error;
      });
    }
    it("names only rules that exist in its exceptions", () => {
      const ids = new Set(rules.map(({ id }) => id));
      expect(Object.keys(except).filter((id) => !ids.has(id))).toEqual([]);
    });
  });
}
