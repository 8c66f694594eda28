import type { Decision, Run } from "#shared/console";
import { billedUnits, costUsd, type PriceBook } from "#shared/routing";
import type { LiveFeed } from "./live.ts";

/** Where runs are kept. */
export type RunLog = { recordRun(run: Run): void };

/** What is known of a run when it begins. */
export type RunStart = {
  readonly id: string;
  readonly function: { readonly name: string; readonly trigger: Run["trigger"] };
  readonly operation: string;
  readonly decision: Decision;
  readonly traceparent: string;
  readonly event: string | null;
};

/** What a run is billed by. */
export type RunBill = {
  readonly prices: PriceBook | undefined;
  readonly memoryMb: number;
  readonly egressBytes: number;
};

/** Runs from their beginning to their receipt: each is told to the live feed twice, and kept when it has ended. */
export class RunBook {
  readonly #log: RunLog;
  readonly #live: LiveFeed;

  constructor(log: RunLog, live: LiveFeed) {
    this.#log = log;
    this.#live = live;
  }

  begin({ id, function: fn, operation, decision, traceparent, event }: RunStart): Run {
    const run: Run = {
      id,
      function: fn.name,
      trigger: fn.trigger,
      operation,
      runtime: decision.runtime,
      status: "running",
      startedAtMs: Date.now(),
      durationMs: 0,
      traceparent,
      event,
      decision,
      receipt: NOTHING,
      costUsd: 0,
      httpStatus: null,
      fault: null,
    };
    this.#live.publish({ type: "run", data: run });
    return run;
  }

  end(run: Run, outcome: Partial<Run>, bill: RunBill): Run {
    const durationMs = Date.now() - run.startedAtMs;
    const ended: Run = { ...run, ...outcome, durationMs, ...billed(bill, durationMs) };
    this.#log.recordRun(ended);
    this.#live.publish({ type: "run", data: ended });
    return ended;
  }
}

const NOTHING = { requests: 0, gbSeconds: 0, vcpuSeconds: 0, egressBytes: 0 };

function billed(
  { prices, memoryMb, egressBytes }: RunBill,
  durationMs: number,
): Pick<Run, "receipt" | "costUsd"> {
  if (prices === undefined) return { receipt: NOTHING, costUsd: 0 };
  const usage = { durationMs, memoryMb };
  return {
    receipt: { ...billedUnits(prices, usage), egressBytes },
    costUsd: costUsd(prices, usage),
  };
}
