import type { ReceiptLine } from "#shared/console";
import type { Use } from "#shared/function";
import { type OperationPrice, type OperationPrices, operationUnits } from "#shared/operations";
import { toPicoUsd } from "./money.ts";

/** What a call asked of other services, one line per kind and product, each operation rounded as its vendor does. */
export function useLines(used: readonly Use[], prices: OperationPrices): ReceiptLine[] {
  const lines = new Map<string, ReceiptLine>();
  for (const line of used.flatMap((use) => linesOf(use, prices))) {
    const key = `${line.kind} ${line.product}`;
    const known = lines.get(key);
    const units = line.units + (known?.units ?? 0);
    lines.set(key, { ...line, units, picoUsd: line.picoUsd + (known?.picoUsd ?? 0) });
  }
  return [...lines.values()];
}

/** What lines cost together. */
export function sumPicoUsd(lines: readonly ReceiptLine[]): number {
  return lines.reduce((sum, { picoUsd }) => sum + picoUsd, 0);
}

function linesOf(use: Use, { operations, products }: OperationPrices): ReceiptLine[] {
  if ("tokens" in use) return tokenLines(use);
  const price = products?.[use.product]?.[use.operation] ?? operations[use.operation];
  const units = unitsOf(use, price);
  const line: ReceiptLine = {
    kind: use.operation,
    product: use.product,
    units,
    picoUsd: toPicoUsd((units * price.usdPerMillionUnits) / 1e6),
  };
  return [price.isEstimate === true ? { ...line, estimated: true } : line];
}

type OperationUse = Extract<Use, { readonly operation: unknown }>;

function unitsOf({ sizeBytes, items = 1, isTransaction }: OperationUse, price: OperationPrice) {
  const { isPerRow, unitsInTransaction = 1 } = price;
  // A read that finds nothing is billed as one that does.
  const times = isPerRow === true ? Math.max(1, items) : 1;
  return (
    operationUnits(price, sizeBytes) * times * (isTransaction === true ? unitsInTransaction : 1)
  );
}

const TOKENS = ["inputTokens", "cacheReadTokens", "cacheWriteTokens", "outputTokens"] as const;
const NO_TOKENS = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };

/** A model's rates may depend on the whole prompt, so that each kind costs what it adds to those before it. */
function tokenLines(use: Extract<Use, { readonly tokens: unknown }>): ReceiptLine[] {
  const { product, tokens, costUsd } = use;
  let counted = NO_TOKENS;
  let soFar = 0;
  return TOKENS.flatMap((kind): ReceiptLine[] => {
    const units = tokens[kind];
    if (units === 0) return [];
    counted = { ...counted, [kind]: units };
    const before = soFar;
    soFar = toPicoUsd(costUsd(counted));
    return [{ kind, product, units, picoUsd: soFar - before }];
  });
}
