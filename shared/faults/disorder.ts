import type { Random } from "#shared/function";

/**
 * What a broker may make of messages: some are there twice, and their order is another one. Nothing is lost.
 * `duplicated` is the share of messages, `reordered` the chance of another order; both from 0 to 1.
 */
export function disorder<T>(
  messages: readonly T[],
  options: {
    readonly random: Pick<Random, "next">;
    readonly duplicated?: number;
    readonly reordered?: number;
  },
): T[] {
  const { random, duplicated = 0, reordered = 0 } = options;
  const all = messages.flatMap((message) =>
    random.next() < duplicated ? [message, message] : [message],
  );
  if (random.next() >= reordered) return all;
  const ranked = all.map((message) => ({ message, rank: random.next() }));
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ message }) => message);
}
