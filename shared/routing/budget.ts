import { Fault } from "#shared/errors";

/** What a tenant may spend in a period. */
export type BudgetLimits = {
  /** From here on nothing is spent on learning or on answering sooner, and the tenant is told. */
  readonly softUsd: number;
  /** Beyond this nothing starts. */
  readonly hardUsd: number;
};

/** An amount that is set aside until the call's bill is known. */
export type Reservation = {
  readonly tenant: string;
  readonly usd: number;
  /** From here on whoever made it counts as gone. */
  readonly untilMs: number;
};

export type BudgetOptions = {
  readonly now?: () => number;
  /** Called when a tenant's spending passes its soft limit, once a period. */
  readonly onTight?: (tenant: string, spentUsd: number, limits: BudgetLimits) => void;
};

type Account = {
  spentUsd: number;
  reservedUsd: number;
  isTold: boolean;
  readonly open: Set<Reservation>;
};

/** No call of any cloud's functions runs longer: https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout */
const LONGEST_CALL_MS = 3_600_000;

/**
 * Budgets by tenant: the most that a call can cost is set aside before it starts, and replaced by what it did cost when
 * it has ended, so that calls under way together cannot overdraw. What has begun is always let finish; what was set
 * aside by somebody who is gone is free again after its time.
 */
export class Budgets {
  readonly #limits: ReadonlyMap<string, BudgetLimits>;
  readonly #accounts = new Map<string, Account>();
  readonly #now: () => number;
  readonly #onTight: NonNullable<BudgetOptions["onTight"]>;

  /** Throws `invalid_argument` for limits that are no amounts, or a soft limit above the hard one. */
  constructor(limits: ReadonlyMap<string, BudgetLimits>, options: BudgetOptions = {}) {
    for (const { softUsd, hardUsd } of limits.values()) {
      if (!(softUsd >= 0 && hardUsd >= softUsd && Number.isFinite(hardUsd))) {
        throw new Fault(
          "invalid_argument",
          "routing.budget: give amounts of USD with 0 <= soft <= hard",
        );
      }
    }
    this.#limits = limits;
    this.#now = options.now ?? (() => 0);
    this.#onTight = options.onTight ?? (() => undefined);
  }

  /** Starts a period with what is known to be spent in it; what is set aside stays so. */
  restart(tenant: string, spentUsd: number): void {
    const account = this.#account(tenant);
    account.spentUsd = spentUsd;
    account.isTold = false;
  }

  /** Throws `resource_exhausted` when the call's most could overdraw the tenant's budget. */
  reserve(tenant: string, mostUsd: number, lastsMs: number = LONGEST_CALL_MS): Reservation {
    const limits = this.#limits.get(tenant);
    const account = this.#account(tenant);
    if (limits !== undefined && !fits(account, mostUsd, limits)) {
      this.#expire(account);
      if (!fits(account, mostUsd, limits)) throw usedUp(limits, account);
    }
    const reservation = { tenant, usd: mostUsd, untilMs: this.#now() + lastsMs };
    account.open.add(reservation);
    account.reservedUsd += mostUsd;
    return reservation;
  }

  /** Puts what a call cost in the place of what was set aside. */
  settle(reservation: Reservation, costUsd: number): void {
    this.spend(reservation.tenant, costUsd);
    this.release(reservation);
  }

  /** Lets go of what was set aside, for a call whose receipts were {@link Budgets.spend spent} one by one. */
  release(reservation: Reservation): void {
    const account = this.#account(reservation.tenant);
    if (!account.open.delete(reservation)) return;
    // Sums of fractions drift; where nothing is open nothing is set aside.
    account.reservedUsd = account.open.size === 0 ? 0 : account.reservedUsd - reservation.usd;
  }

  /** Counts what something cost, whether or not it was set aside. */
  spend(tenant: string, costUsd: number): void {
    const account = this.#account(tenant);
    account.spentUsd += costUsd;
    const limits = this.#limits.get(tenant);
    if (limits === undefined || account.isTold || account.spentUsd <= limits.softUsd) return;
    account.isTold = true;
    this.#onTight(tenant, account.spentUsd, limits);
  }

  /** What is spent or set aside. */
  committedUsd(tenant: string): number {
    const { spentUsd, reservedUsd } = this.#account(tenant);
    return spentUsd + reservedUsd;
  }

  /** What a tenant has spent past its soft limit; `undefined` while it is not. */
  tight(tenant: string): (BudgetLimits & { readonly spentUsd: number }) | undefined {
    const limits = this.#limits.get(tenant);
    const { spentUsd } = this.#account(tenant);
    return limits !== undefined && spentUsd > limits.softUsd ? { ...limits, spentUsd } : undefined;
  }

  #account(tenant: string): Account {
    const known = this.#accounts.get(tenant);
    if (known !== undefined) return known;
    const account = { spentUsd: 0, reservedUsd: 0, isTold: false, open: new Set<Reservation>() };
    this.#accounts.set(tenant, account);
    return account;
  }

  #expire(account: Account): void {
    const nowMs = this.#now();
    for (const reservation of account.open) {
      if (reservation.untilMs <= nowMs) this.release(reservation);
    }
  }
}

function fits(
  { spentUsd, reservedUsd }: Account,
  mostUsd: number,
  { hardUsd }: BudgetLimits,
): boolean {
  return spentUsd + reservedUsd + mostUsd <= hardUsd;
}

function usedUp({ hardUsd }: BudgetLimits, { spentUsd, reservedUsd }: Account): Fault {
  return new Fault(
    "resource_exhausted",
    `routing.budget: the budget of ${hardUsd} USD is used up; raise it or wait for the next period`,
    { origin: "caller", details: { budgetUsd: hardUsd, spentUsd, reservedUsd, outcome: "none" } },
  );
}
