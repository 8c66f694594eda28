import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Run } from "#shared/console";
import * as z from "zod";

/** What a function cost on a runtime in a month: the sum of its runs' receipts. */
const CostRow = z.object({
  month: z.string(),
  runtime: z.string(),
  function: z.string(),
  calls: z.number(),
  gbSeconds: z.number(),
  vcpuSeconds: z.number(),
  egressBytes: z.number(),
  usd: z.number(),
});

export type CostRow = z.infer<typeof CostRow>;

/** Sums of receipts, kept when the runs themselves are long forgotten. */
export class Costs {
  readonly #add: StatementSync;
  readonly #month: StatementSync;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      `INSERT INTO costs (month, runtime, function, calls, gb_seconds, vcpu_seconds, egress_bytes, usd)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?)
       ON CONFLICT (month, runtime, function) DO UPDATE SET calls = calls + 1,
         gb_seconds = gb_seconds + excluded.gb_seconds, vcpu_seconds = vcpu_seconds + excluded.vcpu_seconds,
         egress_bytes = egress_bytes + excluded.egress_bytes, usd = usd + excluded.usd`,
    );
    this.#month = db.prepare(
      `SELECT month, runtime, function, calls, gb_seconds AS gbSeconds, vcpu_seconds AS vcpuSeconds,
         egress_bytes AS egressBytes, usd
       FROM costs WHERE month = ? ORDER BY runtime, function`,
    );
  }

  /** Adds a run's receipt; to be called in the transaction that records the run. */
  add({ startedAtMs, runtime, function: name, receipt, costUsd }: Run): void {
    const { gbSeconds, vcpuSeconds, egressBytes } = receipt;
    this.#add.run(
      monthOf(startedAtMs),
      runtime,
      name,
      gbSeconds,
      vcpuSeconds,
      egressBytes,
      costUsd,
    );
  }

  /** A month as `YYYY-MM`, in UTC, as AWS and Azure bill it. */
  month(month: string): readonly CostRow[] {
    return this.#month.all(month).map((row) => CostRow.parse(row));
  }
}

/** The billing month of a moment. */
export function monthOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 7);
}
