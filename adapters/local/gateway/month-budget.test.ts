import { expect, it } from "vitest";
import { monthBudget } from "./month-budget.ts";

const row = {
  runtime: "aws",
  function: "f",
  tenant: "default",
  kind: "requests" as const,
  product: "aws",
  units: 1,
  estimated: false,
};
const costs = (month: string) =>
  month === "2026-11" ? [{ ...row, month, picoUsd: 750_000_000_000n }] : [];
const november = Date.UTC(2026, 10, 21);

it("begins with what the month has cost", () => {
  const budgets = monthBudget("1", costs, november);
  expect(budgets?.committedUsd("default")).toBe(0.75);
  expect(() => budgets?.reserve("default", 0.3)).toThrow(/budget of 1 USD is used up/);
  expect(monthBudget("1", costs, november + 30 * 86_400_000)?.committedUsd("default")).toBe(0);
});

it("is none without the setting, and refuses what is no amount", () => {
  expect(monthBudget(undefined, costs, november)).toBeUndefined();
  for (const setting of ["0", "-1", "much", "NaN"]) {
    expect(() => monthBudget(setting, costs, november)).toThrow(/no amount/);
  }
});
