import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LineKind, Run } from "#shared/console";
import * as z from "zod";

/** What a tenant's function cost on a runtime in a month, by kind of unit: the sum of its runs' receipts. */
const CostRow = z.object({
  month: z.string(),
  tenant: z.string(),
  runtime: z.string(),
  function: z.string(),
  // Only `add` writes it.
  kind: z.custom<LineKind>((kind) => typeof kind === "string"),
  product: z.string(),
  units: z.number(),
  picoUsd: z.string().transform(BigInt),
  estimated: z.number().transform((flag) => flag === 1),
});

export type CostRow = z.infer<typeof CostRow>;

/** Sums of receipts, kept when the runs themselves are long forgotten. */
export class Costs {
  readonly #add: StatementSync;
  readonly #month: StatementSync;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      `INSERT INTO receipt_lines (month, tenant, runtime, function, kind, product, units, pico_usd, estimated)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (month, tenant, runtime, function, kind, product) DO UPDATE SET
         units = units + excluded.units, pico_usd = pico_usd + excluded.pico_usd,
         estimated = max(estimated, excluded.estimated)`,
    );
    // A number of JavaScript holds 9,000 USD of these; text holds all.
    this.#month = db.prepare(
      `SELECT month, tenant, runtime, function, kind, product, units, CAST(pico_usd AS TEXT) AS picoUsd, estimated
       FROM receipt_lines WHERE month = ? ORDER BY tenant, runtime, function, kind, product`,
    );
  }

  /** Adds a run's receipt; to be called in the transaction that records the run. */
  add({ startedAtMs, tenant, runtime, function: name, receipt }: Run): void {
    const month = monthOf(startedAtMs);
    for (const { kind, product, units, picoUsd, estimated } of receipt.lines) {
      const flag = estimated === true ? 1 : 0;
      this.#add.run(month, tenant, runtime, name, kind, product, units, picoUsd, flag);
    }
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
