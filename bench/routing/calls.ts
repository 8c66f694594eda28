import { randomOf } from "./random.ts";
import { durationAt, MINUTES, type Trace } from "./trace.ts";

/** The calls of a day in the order of their arrival. */
export type Calls = {
  readonly atMs: Float64Array;
  readonly fn: Uint32Array;
  /** How long each takes on the machine of the trace. */
  readonly workMs: Float64Array;
};

/** Draws a day of about `callsPerDay` calls: thins or multiplies the trace, and draws moments and durations. */
export function drawCalls(trace: Trace, callsPerDay: number, seed: number): Calls {
  const factor = callsPerDay / trace.calls;
  const random = randomOf(seed, 2);
  const atMs: number[] = [];
  const fn: number[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    const first = atMs.length;
    for (const [index, { perMinute }] of trace.functions.entries()) {
      const expected = (perMinute[minute] ?? 0) * factor;
      if (expected === 0) continue;
      let count = 0;
      if (factor > 1) count = Math.floor(expected) + (random() < expected % 1 ? 1 : 0);
      else for (let call = perMinute[minute] ?? 0; call > 0; call--) if (random() < factor) count++;
      for (; count > 0; count--) {
        atMs.push(minute * 60_000 + random() * 60_000);
        fn.push(index);
      }
    }
    sortFrom(first, atMs, fn);
  }
  return {
    atMs: Float64Array.from(atMs),
    fn: Uint32Array.from(fn),
    workMs: drawWork(trace, fn, seed),
  };
}

function drawWork(trace: Trace, fn: readonly number[], seed: number): Float64Array {
  const random = randomOf(seed, 3);
  return Float64Array.from(fn, (index) =>
    durationAt(trace.functions[index]?.durationsMs ?? [], random()),
  );
}

function sortFrom(first: number, atMs: number[], fn: number[]): void {
  const order = Array.from({ length: atMs.length - first }, (_, at) => first + at).toSorted(
    (a, b) => (atMs[a] ?? 0) - (atMs[b] ?? 0),
  );
  const moments = order.map((at) => atMs[at] ?? 0);
  const functions = order.map((at) => fn[at] ?? 0);
  for (const [at, moment] of moments.entries()) {
    atMs[first + at] = moment;
    fn[first + at] = functions[at] ?? 0;
  }
}
