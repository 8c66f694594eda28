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
const spent = { ...row, picoUsd: 750_000_000_000n };
const costs = (month: string) =>
  month === "2026-11"
    ? [
        { ...spent, month },
        { ...spent, month, tenant: "acme" },
      ]
    : [];
const november = Date.UTC(2026, 10, 21);
const at = (now: () => number) => ({ now, onTight: () => undefined });

it("begins with what the month has cost, and starts over with the next", () => {
  let nowMs = november;
  const own = monthBudget(
    "1",
    costs,
    at(() => nowMs),
  );
  expect(own?.budgets.committedUsd("default")).toBe(0.75);
  expect(() => own?.budgets.reserve("default", 0.3)).toThrow(/budget of 1 USD is used up/);
  own?.budgets.spend("default", 0.1);
  own?.tick();
  expect(own?.budgets.committedUsd("default")).toBe(0.85);
  nowMs += 30 * 86_400_000;
  own?.tick();
  expect(own?.budgets.committedUsd("default")).toBe(0);
});

it("keeps tenants apart", () => {
  const own = monthBudget(
    "acme=0.8, default=10",
    costs,
    at(() => november),
  );
  expect(() => own?.budgets.reserve("acme", 0.1)).toThrow(/budget of 0.8 USD is used up/);
  expect(() => own?.budgets.reserve("default", 0.1)).not.toThrow();
});

it("is none without the setting, and refuses what is no amount", () => {
  const now = at(() => november);
  expect(monthBudget(undefined, costs, now)).toBeUndefined();
  for (const setting of ["0", "-1", "much", "NaN", "acme=", "=5", "acme=5,much"]) {
    expect(() => monthBudget(setting, costs, now)).toThrow(/no amount/);
  }
});
