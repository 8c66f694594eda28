import { Fault } from "#shared/errors";
import { toUsd } from "#shared/metering";
import { Budgets } from "#shared/routing";
import { type CostRow, monthOf } from "../engine/costs.ts";
import { TENANT } from "./tenant.ts";

/** From this part of the budget on it counts as tight. */
const SOFT_PART = 0.8;

/**
 * The month's budget of the tenant, `AUTERITY_BUDGET_USD`, with what the month's runs cost so far; `undefined` without
 * one. Throws `invalid_argument` for what is no amount.
 */
export function monthBudget(
  setting: string | undefined,
  costs: (month: string) => readonly CostRow[],
  nowMs: number,
): Budgets | undefined {
  if (setting === undefined || setting === "") return undefined;
  const hardUsd = Number(setting);
  if (!(hardUsd > 0)) {
    throw new Fault(
      "invalid_argument",
      "gateway.budget: AUTERITY_BUDGET_USD is no amount; give USD a month, such as 25",
    );
  }
  const budgets = new Budgets(new Map([[TENANT, { softUsd: SOFT_PART * hardUsd, hardUsd }]]));
  const spent = costs(monthOf(nowMs)).reduce((total, { picoUsd }) => total + picoUsd, 0n);
  budgets.restart(TENANT, toUsd(spent));
  return budgets;
}
