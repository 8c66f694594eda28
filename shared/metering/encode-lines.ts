import type { ReceiptLine } from "#shared/console";

/** The lines of what a call asked of other services, as text that a header can carry. */
export function encodeLines(lines: readonly ReceiptLine[]): string {
  return JSON.stringify(
    lines.map(({ kind, product, units, picoUsd, estimated }) => [
      kind,
      product,
      units,
      picoUsd,
      estimated === true ? 1 : 0,
    ]),
  );
}
