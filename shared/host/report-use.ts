import type { Use } from "#shared/function";
import type { Binding } from "./bind.ts";
import type { Invocation } from "./invocation.ts";

/** What was asked of other services as text, with its cost; `undefined` where the cloud's prices are not known. */
export async function linesOfUse(
  { price }: Pick<Binding, "price">,
  used: readonly Use[],
): Promise<{ readonly text: string; readonly usd: number } | undefined> {
  if (price?.loadOperations === undefined) return undefined;
  try {
    const [{ encodeLines, sumPicoUsd, toUsd, useLines }, { operations }] = await Promise.all([
      import("#shared/metering"),
      price.loadOperations(),
    ]);
    const lines = useLines(used, operations);
    return { text: encodeLines(lines), usd: toUsd(sumPicoUsd(lines)) };
  } catch {
    // A call must not fail for its receipt.
    return undefined;
  }
}

/** Tells who keeps receipts what a message or a tick asked of other services. */
export async function reportUse(
  binding: Binding,
  invocations: readonly Invocation[],
  subject: string,
): Promise<void> {
  const { meter } = binding.ports;
  const used = meter === undefined ? [] : invocations.flatMap((invocation) => invocation.used);
  if (used.length === 0) return;
  const lines = await linesOfUse(binding, used);
  if (lines !== undefined) await meter?.record(subject, lines.text);
}
