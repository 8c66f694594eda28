/** One way of doing the task. `run` takes an input of its own, because some contenders write into it. */
export type Contender<I> = { readonly name: string; readonly run: (input: I) => Promise<unknown> };

export type Timing = { readonly name: string; readonly median: number; readonly rounds: number[] };

export type Plan = {
  readonly rounds: number;
  /** How often the contenders alternate within a round. */
  readonly turns: number;
  /** How long a contender runs at a time; short, so that a disturbance hits all of them alike. */
  readonly turnMs: number;
  /** Calls before the first measured round, so that the optimising compiler is done. */
  readonly warmUpCalls: number;
};

export const plan: Plan = { rounds: 31, turns: 10, turnMs: 2.5, warmUpCalls: 8_000 };

type Entrant<I> = {
  readonly contender: Contender<I>;
  readonly calls: number;
  readonly us: number[];
};

/**
 * Times contenders in microseconds of processor time per call, all threads of the process together: unlike elapsed
 * time it does not grow when the machine has other things to do, and on an idle machine the two agree. The contenders
 * take turns in an order that itself turns; a round is the sum of several turns, garbage collection included.
 */
export async function compare<I>(
  contenders: readonly Contender<I>[],
  freshInput: () => I,
  { rounds, turns, turnMs, warmUpCalls }: Plan = plan,
): Promise<Timing[]> {
  const entrants: Entrant<I>[] = [];
  for (const contender of contenders) {
    await time(contender, freshInput, warmUpCalls);
    const us = await time(contender, freshInput, warmUpCalls / 4);
    entrants.push({ contender, calls: Math.ceil((turnMs * 1000) / us), us: [] });
  }
  for (let round = 0; round < rounds; round++) await playRound(entrants, freshInput, turns);
  return entrants.map(({ contender: { name }, us }) => ({ name, median: median(us), rounds: us }));
}

/** The median over the rounds of one contender's time in terms of another's. */
export function ratio(of: Timing, to: Timing): number {
  return median(of.rounds.map((value, round) => value / (to.rounds[round] ?? value)));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function playRound<I>(
  entrants: readonly Entrant<I>[],
  freshInput: () => I,
  turns: number,
): Promise<void> {
  const sums = entrants.map(() => 0);
  for (let turn = 0; turn < turns; turn++) {
    for (let offset = 0; offset < entrants.length; offset++) {
      const index = (offset + turn) % entrants.length;
      const entrant = entrants[index];
      if (entrant === undefined) continue;
      const us = await time(entrant.contender, freshInput, entrant.calls);
      sums[index] = (sums[index] ?? 0) + us;
    }
  }
  for (const [index, { us }] of entrants.entries()) us.push((sums[index] ?? 0) / turns);
}

async function time<I>({ run }: Contender<I>, freshInput: () => I, calls: number): Promise<number> {
  const inputs = Array.from({ length: calls }, freshInput);
  const before = process.cpuUsage();
  for (const input of inputs) await run(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
