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
  expect(own.isTight("acme")).toBe(true);
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

it("never spends more than the hard limit when no call costs more than its most", () => {
  const call = fc.record({
    most: fc.integer({ min: 1, max: 100 }),
    part: fc.integer({ max: 100, min: 0 }),
  });
  fc.assert(
    fc.property(
      fc.array(call, { maxLength: 60 }),
      fc.integer({ min: 1, max: 500 }),
      (calls, hard) => {
        const own = budgets(hard / 2, hard);
        const open: [ReturnType<Budgets["reserve"]>, number][] = [];
        for (const [index, { most, part }] of calls.entries()) {
          try {
            open.push([own.reserve("acme", most), (most * part) / 100]);
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
