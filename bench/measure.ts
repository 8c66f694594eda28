/** One way of doing the task. `run` takes an input of its own, because some contenders write into it. */
export type Contender<I> = { readonly name: string; readonly run: (input: I) => Promise<unknown> };

export type Timing = { readonly name: string; readonly median: number; readonly rounds: number[] };

export type Plan = {
  readonly rounds: number;
  /** Calls before the first measured round, so that the optimising compiler is done. */
  readonly warmUpCalls: number;
  /** How long one contender runs in one round. */
  readonly roundMs: number;
};

export const plan: Plan = { rounds: 31, warmUpCalls: 4_000, roundMs: 25 };

/**
 * Times contenders in microseconds of processor time per call, all threads of the process together: unlike elapsed
 * time it does not grow when the machine has other things to do, and on an idle machine the two agree. In each round every contender runs once, and the order turns from round
 * to round: whatever else the machine does hits all of them alike.
 */
export async function compare<I>(
  contenders: readonly Contender<I>[],
  freshInput: () => I,
  { rounds, warmUpCalls, roundMs }: Plan = plan,
): Promise<Timing[]> {
  const entrants = [];
  for (const contender of contenders) {
    await time(contender, freshInput, warmUpCalls);
    const us = await time(contender, freshInput, warmUpCalls / 4);
    entrants.push({
      contender,
      calls: Math.round((roundMs * 1000) / us),
      us: [] as number[],
    });
  }
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < entrants.length; index++) {
      const entrant = entrants[(index + round) % entrants.length];
      if (entrant === undefined) continue;
      entrant.us.push(await time(entrant.contender, freshInput, entrant.calls));
    }
  }
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

/** Inputs made at a time; few enough to die young, as they do where each request comes alone. */
const CHUNK = 100;

async function time<I>({ run }: Contender<I>, freshInput: () => I, calls: number): Promise<number> {
  const chunks = Math.ceil(calls / CHUNK);
  let us = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const inputs = Array.from({ length: CHUNK }, freshInput);
    const before = process.cpuUsage();
    for (const input of inputs) await run(input);
    const { user, system } = process.cpuUsage(before);
    us += user + system;
  }
  return us / (chunks * CHUNK);
}
