import { hrtime } from "node:process";
import type { Router } from "../../shared/routing/index.ts";
import type { Calls } from "./calls.ts";

export type DecisionTime = { readonly p50Ns: number; readonly p99Ns: number };

const BATCH = 16;
const BATCHES = 20_000;

/**
 * Times decisions of a router that has seen the day, over the functions of its calls in their order. A clock costs about
 * as much as a decision, so batches of 16 are timed; the percentiles are of batches.
 */
export function timeDecisions(router: Router, calls: Calls): DecisionTime {
  const count = calls.fn.length;
  const samples = new Float64Array(BATCHES);
  let nowMs = calls.atMs[count - 1] ?? 0;
  let call = 0;
  for (let batch = -2000; batch < BATCHES; batch++) {
    const started = hrtime.bigint();
    for (let at = 0; at < BATCH; at++) {
      router.decide(calls.fn[call] ?? 0, nowMs);
      nowMs += 1;
      call = call + 1 < count ? call + 1 : 0;
    }
    if (batch >= 0) samples[batch] = Number(hrtime.bigint() - started) / BATCH;
  }
  samples.sort();
  return { p50Ns: samples[BATCHES * 0.5] ?? 0, p99Ns: samples[BATCHES * 0.99] ?? 0 };
}
