/** A source of numbers in [0, 1), the same for the same seed on every machine (mulberry32, public domain). */
export type Random = () => number;

export function randomOf(...seeds: readonly number[]): Random {
  let state = 0x9e37_79b9;
  for (const seed of seeds) state = scramble(state ^ Math.imul(seed + 1, 0x85eb_ca6b));
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    return (scramble(state) >>> 0) / 2 ** 32;
  };
}

/** A standard normal number (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), value | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return mixed ^ (mixed >>> 14);
}
