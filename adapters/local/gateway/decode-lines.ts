import type { ReceiptLine } from "#shared/console";
import { OPERATIONS } from "#shared/operations";
import * as z from "zod";

const kinds = [
  ...OPERATIONS,
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
] as const;

const Line = z
  .tuple([
    z.enum(kinds),
    z.string().max(200),
    z.number().nonnegative(),
    z.int().nonnegative(),
    z.int().min(0).max(1),
  ])
  .transform(([kind, product, units, picoUsd, estimated]): ReceiptLine => {
    const line = { kind, product, units, picoUsd };
    return estimated === 1 ? { ...line, estimated: true } : line;
  });
const Lines = z.array(Line).max(100);

/** The lines that `encodeLines` of the metering area wrote; `undefined` for any other text. */
export function decodeLines(text: string): readonly ReceiptLine[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Lines.safeParse(json).data;
}
