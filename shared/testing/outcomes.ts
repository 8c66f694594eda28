import { appendFileSync } from "node:fs";

/** Who was asked: a driver of a port, and what stood behind it. */
export type Subject = {
  readonly port: string;
  readonly driver: string;
  /** An emulator, a fake on the wire, the service itself; `undefined` for a driver that needs none. */
  readonly engine?: string | undefined;
};

/** What came of a rule. `declared` is an exception that failed, as it must. */
export type Outcome =
  | { readonly status: "pass" }
  | { readonly status: "declared"; readonly reason: string }
  | { readonly status: "fail"; readonly reason: string; readonly error: unknown };

/** One cell of the matrix of drivers and rules, as it is written. */
export type Cell = {
  readonly port: string;
  readonly driver: string;
  readonly engine: string | null;
  readonly id: string;
  readonly title: string;
  readonly status: Outcome["status"];
  readonly reason: string | null;
};

/** The cells of a suite. A rule without an outcome did not end in time, or brought its process down. */
export function cellsOf(
  { port, driver, engine }: Subject,
  rules: readonly { readonly id: string; readonly title: string }[],
  outcomes: ReadonlyMap<string, Outcome>,
): readonly Cell[] {
  return rules.map(({ id, title }) => {
    const outcome = outcomes.get(id);
    const status = outcome?.status ?? "fail";
    const reason =
      outcome === undefined ? "did not end" : "reason" in outcome ? outcome.reason : null;
    return { port, driver, engine: engine ?? null, id, title, status, reason };
  });
}

/** Appends the cells of a suite to the file that `CONFORMANCE_OUT` names; does nothing without it. */
export function writeOutcomes(
  subject: Subject,
  rules: readonly { readonly id: string; readonly title: string }[],
  outcomes: ReadonlyMap<string, Outcome>,
): void {
  const path = process.env["CONFORMANCE_OUT"];
  if (path === undefined || path === "") return;
  // One append per suite: test files run in processes of their own and share the file.
  const lines = cellsOf(subject, rules, outcomes).map((cell) => `${JSON.stringify(cell)}\n`);
  appendFileSync(path, lines.join(""));
}
