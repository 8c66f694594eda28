import type { Call, FaultSource, Injection } from "./inject-faults.ts";

/** The next so many calls of an operation go wrong in the same way. */
export type Plan = Exclude<Injection, { readonly when: "stale" }> & {
  readonly operation: string;
  readonly times: number;
};

/** Faults one by one, as a test plans them. Without a plan nothing goes wrong. */
export class PlannedFaults implements FaultSource {
  #plan: Plan | undefined;

  /** Replaces the plan. */
  plan(plan: Plan): void {
    this.#plan = plan;
  }

  async pause(): Promise<void> {}

  next({ operation }: Call): Injection | undefined {
    const plan = this.#plan;
    if (plan === undefined || plan.operation !== operation || plan.times === 0) return undefined;
    this.#plan = { ...plan, times: plan.times - 1 };
    return plan;
  }
}
