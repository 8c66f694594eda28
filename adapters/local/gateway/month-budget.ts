import { Fault } from "#shared/errors";
import { toUsd } from "#shared/metering";
import { type BudgetLimits, type BudgetOptions, Budgets } from "#shared/routing";
import { type CostRow, monthOf } from "../engine/costs.ts";
import { TENANT } from "./tenant.ts";

/** From this part of the budget on it counts as tight. */
const SOFT_PART = 0.8;

/** Budgets of this month; `tick` starts the next one's when it has begun. */
export type MonthBudget = { readonly budgets: Budgets; readonly tick: () => void };

/**
 * What tenants may spend in a month, with what the month's runs cost so far: `AUTERITY_BUDGET_USD` is an amount for
 * the tenant that there is locally, or amounts by tenant, `acme=25,default=10`. `undefined` without one. Throws
 * `invalid_argument` for what is no amount.
 */
export function monthBudget(
  setting: string | undefined,
  costs: (month: string) => readonly CostRow[],
  options: Required<BudgetOptions>,
): MonthBudget | undefined {
  if (setting === undefined || setting === "") return undefined;
  const limits = limitsOf(setting);
  const budgets = new Budgets(limits, options);
  let month = "";
  const tick = (): void => {
    const current = monthOf(options.now());
    if (current === month) return;
    month = current;
    const rows = costs(month);
    for (const tenant of limits.keys()) {
      const own = rows.filter((row) => row.tenant === tenant);
      budgets.restart(tenant, toUsd(own.reduce((total, { picoUsd }) => total + picoUsd, 0n)));
    }
  };
  tick();
  return { budgets, tick };
}

function limitsOf(setting: string): ReadonlyMap<string, BudgetLimits> {
  const parts = setting.includes("=") ? setting.split(",") : [`${TENANT}=${setting}`];
  return new Map(
    parts.map((part) => {
      const [tenant = "", amount] = part.trim().split("=");
      const hardUsd = Number(amount);
      if (tenant === "" || !(hardUsd > 0)) throw noAmount();
      return [tenant, { softUsd: SOFT_PART * hardUsd, hardUsd }];
    }),
  );
}

function noAmount(): Fault {
  return new Fault(
    "invalid_argument",
    "gateway.budget: AUTERITY_BUDGET_USD is no amount; give USD a month, such as 25 or acme=25,default=10",
  );
}
