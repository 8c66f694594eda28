import type { HttpOutput, MeterDriver, Use } from "#shared/function";
import type { OperationPrices } from "#shared/operations";
import { encodeLines } from "./encode-lines.ts";
import { toUsd } from "./money.ts";
import { sumPicoUsd, useLines } from "./use-lines.ts";

/** How to come to what a cloud charges for operations of its services. */
export type LoadOperations = () => Promise<{ readonly operations: OperationPrices }>;

/** An answer whose receipt, in its headers, also has what the call asked of other services. */
export async function withUse(
  output: HttpOutput,
  used: readonly Use[],
  load: LoadOperations,
): Promise<HttpOutput> {
  const lines = useLines(used, (await load()).operations);
  const usd = Number(output.headers["x-auterity-cost-usd"] ?? 0) + toUsd(sumPicoUsd(lines));
  const receipt = {
    "x-auterity-cost-usd": usd.toFixed(12),
    "x-auterity-units": encodeLines(lines),
  };
  return { ...output, headers: { ...output.headers, ...receipt } };
}

/** Tells who keeps receipts what a message or a tick asked of other services. */
export async function tellUse(
  meter: MeterDriver,
  subject: string,
  used: readonly Use[],
  load: LoadOperations,
): Promise<void> {
  await meter.record(subject, encodeLines(useLines(used, (await load()).operations)));
}
