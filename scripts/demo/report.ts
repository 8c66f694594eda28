import type { Refusal } from "./refusals.ts";

/** What became of the deliveries to one runtime. */
export type RuntimeTally = {
  readonly runtime: string;
  sent: number;
  accepted: number;
  duplicates: number;
  refused: number;
  /** Accepted events with nothing left to do for any subscriber. */
  handled: number;
  failed: number;
  pending: number;
  /** Slack messages, through the sandbox unless a token is set. */
  posted: number;
  updated: number;
  readonly latenciesMs: number[];
  /** Accepted delivery ids and their event types. */
  readonly events: Map<string, string>;
};

/** Prints one line a runtime. */
export function printTallies(tallies: readonly RuntimeTally[]): void {
  const columns = [
    "runtime",
    "sent",
    "accepted",
    "duplicates",
    "handled",
    "failed",
    "posted",
    "updated",
    "p50 ms",
    "p99 ms",
  ];
  const rows = tallies.map((tally) => [
    tally.runtime,
    tally.sent,
    tally.accepted,
    tally.duplicates,
    tally.handled,
    tally.failed + tally.refused + tally.pending,
    tally.posted,
    tally.updated,
    quantile(tally.latenciesMs, 0.5).toFixed(1),
    quantile(tally.latenciesMs, 0.99).toFixed(1),
  ]);
  printTable([columns, ...rows]);
}

/** Prints what was refused and how. */
export function printRefusals(refusals: readonly Refusal[]): void {
  const rows = refusals.map(({ what, expected, got, problem, stored }) => [
    what,
    `${got}${got === expected ? "" : ` (expected ${expected})`}`,
    problem ? "problem JSON" : "no problem JSON",
    stored ? "STORED" : "nothing stored",
  ]);
  printTable([["must be refused", "status", "answer", "kept"], ...rows]);
}

function printTable(rows: readonly (readonly (string | number)[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? "").length)),
  );
  const lines = rows.map((row) =>
    row.map((cell, column) => String(cell).padEnd(widths[column] ?? 0)).join("  "),
  );
  process.stdout.write(`\n${lines.join("\n")}\n`);
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}
