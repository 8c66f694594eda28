import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Budgets } from "./budget.ts";

const budgets = (softUsd: number, hardUsd: number) =>
  new Budgets(new Map([["acme", { softUsd, hardUsd }]]));

it("refuses what could overdraw, while calls under way hold their most", () => {
  const own = budgets(0.5, 1);
  const first = own.reserve("acme", 0.6);
  expect(() => own.reserve("acme", 0.6)).toThrow(/budget of 1 USD is used up/);
  own.settle(first, 0.1);
  expect(own.committedUsd("acme")).toBeCloseTo(0.1);
  expect(() => own.reserve("acme", 0.6)).not.toThrow();
  // Set aside is not spent.
  expect(own.tight("acme")).toBeUndefined();
});

it("lets tenants without a budget spend, and keeps tenants apart", () => {
  const own = budgets(0, 0);
  expect(() => own.reserve("other", 1e6)).not.toThrow();
  expect(() => own.reserve("acme", 1e-9)).toThrow(/used up/);
});

it("refuses limits that mean nothing", () => {
  for (const [soft, hard] of [
    [2, 1],
    [-1, 1],
    [0, Infinity],
    [Number.NaN, 1],
  ] as const) {
    expect(() => budgets(soft, hard)).toThrow(/0 <= soft <= hard/);
  }
});

it("tells once a period that the soft limit is passed", () => {
  const told: number[] = [];
  const limits = new Map([["acme", { softUsd: 0.5, hardUsd: 1 }]]);
  const own = new Budgets(limits, { onTight: (_tenant, spentUsd) => told.push(spentUsd) });
  for (let call = 0; call < 4; call += 1) own.spend("acme", 0.25);
  expect(told).toEqual([0.75]);
  expect(own.tight("acme")).toEqual({ softUsd: 0.5, hardUsd: 1, spentUsd: 1 });
  own.restart("acme", 0);
  expect(own.tight("acme")).toBeUndefined();
  own.spend("acme", 0.6);
  expect(told).toEqual([0.75, 0.6]);
});

it("frees after its time what was set aside by a call that was never settled, once", () => {
  let nowMs = 0;
  const limits = new Map([["acme", { softUsd: 1, hardUsd: 1 }]]);
  const own = new Budgets(limits, { now: () => nowMs });
  const lost = own.reserve("acme", 0.8, 1_000);
  nowMs = 999;
  expect(() => own.reserve("acme", 0.5, 1_000)).toThrow(/used up/);
  nowMs = 1_000;
  own.reserve("acme", 0.5, 1_000);
  // It was slow, not gone: what it cost counts, what it had set aside is free already.
  own.settle(lost, 0.1);
  expect(own.committedUsd("acme")).toBeCloseTo(0.6);
  own.release(lost);
  expect(own.committedUsd("acme")).toBeCloseTo(0.6);
});

it("never spends more than the hard limit when no call costs more than its most", () => {
  const call = fc.record({
    most: fc.integer({ min: 1, max: 100 }),
    part: fc.integer({ max: 100, min: 0 }),
    // A call whose caller is gone: it is never settled.
    isLost: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(call, { maxLength: 60 }),
      fc.integer({ min: 1, max: 500 }),
      (calls, hard) => {
        let nowMs = 0;
        const limits = new Map([["acme", { softUsd: hard / 2, hardUsd: hard }]]);
        const own = new Budgets(limits, { now: () => nowMs });
        const open: [ReturnType<Budgets["reserve"]>, number][] = [];
        for (const [index, { most, part, isLost }] of calls.entries()) {
          nowMs += 1;
          try {
            const reserved = own.reserve("acme", most, isLost ? 10 : 1_000);
            if (!isLost) open.push([reserved, (most * part) / 100]);
          } catch {
            const [oldest] = open.splice(0, 1);
            if (oldest !== undefined) own.settle(...oldest);
          }
          if (index % 3 === 0) {
            const [oldest] = open.splice(0, 1);
            if (oldest !== undefined) own.settle(...oldest);
          }
          expect(own.committedUsd("acme")).toBeLessThanOrEqual(hard + 1e-9);
        }
      },
    ),
  );
});
