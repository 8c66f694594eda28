import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, type Outcome } from "./decide.ts";
import { begin, type Deployment, type Step } from "./deployment.ts";
import { Strategy, stagesOf } from "./plan.ts";
import { samplePipeline } from "./testing/sample.ts";

const nowMs = Date.UTC(2026, 0, 1);
const fresh = begin(samplePipeline("aws-lambda", "canary"), "v2", "1", nowMs);
const done: Outcome = { kind: "done" };
const failed: Outcome = { kind: "failed", reason: "it broke" };

function at(step: Step, more: Partial<Deployment> = {}): Deployment {
  return { ...fresh, step, ...more };
}

function checked(healthy: boolean): Outcome {
  return { kind: "checked", healthy, reason: "answers 503" };
}

const percent = fc.integer({ min: 1, max: 99 });
const strategies: fc.Arbitrary<Strategy> = fc.oneof(
  fc.record({
    kind: fc.constant("rolling" as const),
    batches: fc.integer({ min: 2, max: 20 }),
    watchSeconds: fc.nat(600),
  }),
  fc.record({ kind: fc.constant("blue-green" as const), watchSeconds: fc.nat(600) }),
  fc.record({
    kind: fc.constant("canary" as const),
    percents: fc
      .uniqueArray(percent, { minLength: 1, maxLength: 10 })
      .map((all) => all.toSorted((a, b) => a - b)),
    watchSeconds: fc.nat(600),
  }),
);

describe("a plan", () => {
  it("grows with every stage and ends with everything", () => {
    fc.assert(
      fc.property(strategies, (strategy) => {
        const percents = stagesOf(Strategy.parse(strategy)).map((stage) => stage.percent);
        expect(percents.at(-1)).toBe(100);
        expect(percents).toEqual([...new Set(percents)].toSorted((a, b) => a - b));
      }),
    );
  });

  it("has parts that add up", () => {
    const rolling = { kind: "rolling", batches: 3, watchSeconds: 9 } as const;
    expect(stagesOf(rolling).map((stage) => stage.percent)).toEqual([33, 67, 100]);
    expect(Strategy.safeParse({ kind: "canary", percents: [9, 5], watchSeconds: 1 }).success).toBe(
      false,
    );
  });
});

describe("what follows", () => {
  it("counts every change of step and writes a part down before it is asked for", () => {
    const next = decide(at({ kind: "probe", failures: 0 }), checked(true), nowMs);
    expect(next).toMatchObject({
      sequence: 2,
      reachedPercent: 5,
      step: { kind: "shift", stage: 0 },
    });
    expect(
      decide(at({ kind: "watch", stage: 0, failures: 0 }), checked(true), nowMs),
    ).toMatchObject({
      sequence: 1,
      step: { kind: "watch", stage: 0 },
      dueAtMs: nowMs + 30_000,
    });
  });

  it.each<[Step, Step]>([
    [{ kind: "dispatch" }, { kind: "unlock", ending: "failed" }],
    [{ kind: "build" }, { kind: "unlock", ending: "failed" }],
    [{ kind: "verify" }, { kind: "unlock", ending: "failed" }],
    [{ kind: "prepare" }, { kind: "unlock", ending: "failed" }],
    [{ kind: "shift", stage: 0 }, { kind: "rollback" }],
    [{ kind: "watch", stage: 1, failures: 0 }, { kind: "rollback" }],
    [{ kind: "rollback" }, { kind: "unlock", ending: "stuck" }],
  ])("a failure at %j is %j", (step, next) => {
    expect(decide(at(step), failed, nowMs).step).toEqual(next);
  });

  it("takes a release back only after as many failures in a row as were set", () => {
    let row = at({ kind: "watch", stage: 0, failures: 0 });
    for (const healthy of [false, false, true, false, false]) {
      row = decide(row, checked(healthy), nowMs);
      expect(row.step.kind).toBe("watch");
    }
    expect(decide(row, checked(false), nowMs).step.kind).toBe("rollback");
  });

  it("waits until the step's time is over, and not longer", () => {
    const wait: Outcome = { kind: "wait", reason: "no answer", afterSeconds: 7 };
    const row = at({ kind: "shift", stage: 0 }, { deadlineAtMs: nowMs + 1_000 });
    expect(decide(row, wait, nowMs).dueAtMs).toBe(nowMs + 7_000);
    expect(decide(row, wait, nowMs + 1_000).step.kind).toBe("rollback");
  });

  it("ends whatever is done or fails, and then stays as it is", () => {
    const outcomes = fc.constantFrom(done, failed, checked(true), checked(false));
    fc.assert(
      fc.property(fc.array(outcomes, { minLength: 60, maxLength: 60 }), (all) => {
        let row = fresh;
        let minute = 0;
        for (const outcome of [...all, ...Array.from({ length: 30 }, () => failed), done, done]) {
          minute += 1;
          row = decide(row, outcome, nowMs + minute * 60_000);
        }
        expect(row.step.kind).toBe("over");
        expect(decide(row, failed, nowMs)).toBe(row);
      }),
    );
  });
});
