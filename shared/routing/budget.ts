import { Fault } from "#shared/errors";

/** What a tenant may spend in a period. */
export type BudgetLimits = {
  /** From here on only the cheapest runtime is used, and the tenant is told. */
  readonly softUsd: number;
  /** Beyond this nothing starts. */
  readonly hardUsd: number;
};

/** An amount that is set aside until the call's bill is known. */
export type Reservation = { readonly tenant: string; readonly usd: number };

/**
 * Budgets by tenant: the most that a call can cost is set aside before it starts, and replaced by what it did cost when
 * it has ended, so that calls under way together cannot overdraw. What has begun is always let finish.
 */
export class Budgets {
  readonly #limits: ReadonlyMap<string, BudgetLimits>;
  readonly #spent = new Map<string, number>();
  readonly #reserved = new Map<string, number>();

  /** Throws `invalid_argument` for limits that are no amounts, or a soft limit above the hard one. */
  constructor(limits: ReadonlyMap<string, BudgetLimits>) {
    for (const { softUsd, hardUsd } of limits.values()) {
      if (!(softUsd >= 0 && hardUsd >= softUsd && Number.isFinite(hardUsd))) {
        throw new Fault(
          "invalid_argument",
          "routing.budget: give amounts of USD with 0 <= soft <= hard",
        );
      }
    }
    this.#limits = limits;
  }

  /** Starts a period with what is known to be spent in it. */
  restart(tenant: string, spentUsd: number): void {
    this.#spent.set(tenant, spentUsd);
  }

  /** Throws `resource_exhausted` when the call's most could overdraw the tenant's budget. */
  reserve(tenant: string, mostUsd: number): Reservation {
    const limits = this.#limits.get(tenant);
    if (limits !== undefined && this.committedUsd(tenant) + mostUsd > limits.hardUsd) {
      throw new Fault(
        "resource_exhausted",
        `routing.budget: the budget of ${limits.hardUsd} USD is used up; raise it or wait for the next period`,
        { origin: "caller" },
      );
    }
    this.#reserved.set(tenant, (this.#reserved.get(tenant) ?? 0) + mostUsd);
    return { tenant, usd: mostUsd };
  }

  /** Puts what a call cost in the place of what was set aside; to be called once for each reservation. */
  settle({ tenant, usd }: Reservation, costUsd: number): void {
    this.#reserved.set(tenant, Math.max(0, (this.#reserved.get(tenant) ?? 0) - usd));
    this.#spent.set(tenant, (this.#spent.get(tenant) ?? 0) + costUsd);
  }

  /** What is spent or set aside. */
  committedUsd(tenant: string): number {
    return (this.#spent.get(tenant) ?? 0) + (this.#reserved.get(tenant) ?? 0);
  }

  /** Whether the tenant is past its soft limit. */
  isTight(tenant: string): boolean {
    const limits = this.#limits.get(tenant);
    return limits !== undefined && this.committedUsd(tenant) > limits.softUsd;
  }
}
