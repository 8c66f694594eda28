import * as fc from "fast-check";
import type { Use } from "#shared/function";
import { type OperationPrices, OPERATIONS, perOperation, perStep } from "#shared/operations";
import { describe, expect, it } from "vitest";
import { toPicoUsd } from "./money.ts";
import { sumPicoUsd, useLines } from "./use-lines.ts";

const KB = 1024;
const flat = Object.fromEntries(OPERATIONS.map((name) => [name, perOperation(1)]));
/** Read by rows of a page, written in steps that count twice within a transaction. */
const prices: OperationPrices = {
  operations: {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every operation is in there
    ...(flat as OperationPrices["operations"]),
    stateRead: { ...perOperation(0.3), isPerRow: true },
    stateWrite: { ...perStep(0.625, KB), unitsInTransaction: 2 },
    queueSend: { ...perStep(0.4, 64 * KB), isEstimate: true },
  },
  products: { table: { stateWrite: perOperation(0.036) } },
  grants: {},
};

const use = (operation: (typeof OPERATIONS)[number], sizeBytes = 0, more = {}): Use => ({
  operation,
  product: "p",
  sizeBytes,
  ...more,
});

describe("the lines of what a call asked of other services", () => {
  it("rounds each operation as its vendor does, and adds up what is alike", () => {
    const used = [use("stateWrite", 1), use("stateWrite", KB + 1), use("queueSend", 65 * KB)];
    expect(useLines(used, prices)).toEqual([
      { kind: "stateWrite", product: "p", units: 3, picoUsd: 1_875_000 },
      { kind: "queueSend", product: "p", units: 2, picoUsd: 800_000, estimated: true },
    ]);
  });

  it("counts a transaction as the store does, and the rows of a page, one where there is none", () => {
    const [written, read] = useLines(
      [
        use("stateWrite", 10, { isTransaction: true }),
        use("stateRead", 10, { items: 7 }),
        use("stateRead", 0, { items: 0 }),
      ],
      prices,
    );
    expect(written?.units).toBe(2);
    expect(read?.units).toBe(8);
  });

  it("keeps products apart, each at its own price", () => {
    const lines = useLines([use("blobRead"), use("blobRead", 0, { product: "q" })], prices);
    expect(lines.map(({ product }) => product)).toEqual(["p", "q"]);
    const [row] = useLines([use("stateWrite", 5 * KB, { product: "table" })], prices);
    expect(row).toMatchObject({ units: 1, picoUsd: 36_000 });
  });

  it("bills each kind of token what it adds, to the cost of all of them together", () => {
    const count = fc.integer({ min: 0, max: 300_000 });
    const tokens = fc.record({
      inputTokens: count,
      outputTokens: count,
      cacheReadTokens: count,
      cacheWriteTokens: count,
    });
    fc.assert(
      fc.property(tokens, (used) => {
        // A tier: all of it is dearer once the prompt is long.
        const costUsd = (some: typeof used): number => {
          const prompt = some.inputTokens + some.cacheReadTokens + some.cacheWriteTokens;
          const times = prompt > 200_000 ? 2 : 1;
          return (times * (prompt * 3 + some.outputTokens * 15)) / 1e6;
        };
        const lines = useLines([{ product: "m", tokens: used, costUsd }], prices);
        expect(sumPicoUsd(lines)).toBe(toPicoUsd(costUsd(used)));
        const counts = Object.entries(used).filter(([, units]) => units > 0);
        expect(new Map(lines.map(({ kind, units }) => [kind, units]))).toEqual(new Map(counts));
        for (const { picoUsd } of lines) expect(picoUsd).toBeGreaterThan(0);
      }),
    );
  });
});
