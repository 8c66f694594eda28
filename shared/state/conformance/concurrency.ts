import { expect } from "vitest";
import type { BenchRule, Item } from "./bench.ts";

const at = { shelf: "a", id: "1" };
const item = (count: number): Item => ({ ...at, count, data: null });

/** Many clients at once, over a network that holds. */
export function concurrencyRules(rule: BenchRule): void {
  rule("S03", "50 parallel updates of one row all count", async ({ items }) => {
    const add = (): Promise<unknown> =>
      items.update(at, (now) => item((now?.count ?? 0) + 1), { maxAttempts: 200 });
    await Promise.all(Array.from({ length: 50 }, add));
    expect((await items.get(at))?.value.count).toBe(50);
    const unchanged = await items.update(at, () => undefined);
    expect(unchanged?.value.count).toBe(50);
  });

  rule("S31", "of many creations of an expired key one succeeds", async (bench) => {
    const { items, clock } = bench;
    await items.create(item(0), { ttlSeconds: 1 });
    clock.advance(2_000);
    const creations = Array.from({ length: 20 }, (_, index) => items.create(item(index + 1)));
    const results = await Promise.all(creations);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const winner = results.findIndex(({ ok }) => ok) + 1;
    expect((await items.get(at))?.value).toEqual(item(winner));
  });

  rule("S32", "no reader sees half of a transaction", async (bench) => {
    const { items } = bench;
    const other = { ...at, id: "2" };
    const write = async (): Promise<void> => {
      for (let count = 1; count <= 20; count += 1) {
        const ops = [at, other].map(
          (key) => ({ kind: "put", value: { ...item(count), ...key }, ifRev: "any" }) as const,
        );
        await items.transact("a", ops);
      }
    };
    const countOf = async (key: typeof at): Promise<number> =>
      (await items.get(key))?.value.count ?? 0;
    const read = async (): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        const seen = [await countOf(at), await countOf(other), await countOf(at)];
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      }
    };
    await Promise.all([write(), read(), read(), read()]);
    expect([await countOf(at), await countOf(other)]).toEqual([20, 20]);
  });
}
