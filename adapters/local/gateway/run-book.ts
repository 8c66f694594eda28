import type { Decision, ReceiptLine, Run } from "#shared/console";
import type { Clock } from "#shared/function";
import { sumPicoUsd, toUsd } from "#shared/metering";
import type { PriceBook } from "#shared/routing";
import { computeLines } from "./compute-lines.ts";
import type { LiveFeed } from "./live.ts";

/** Where runs are kept. */
export type RunLog = { recordRun(run: Run): void };

/** What is known of a run when it begins. */
export type RunStart = {
  readonly id: string;
  readonly function: { readonly name: string; readonly trigger: Run["trigger"] };
  readonly tenant: string;
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
  /** Of what it asked of other services. */
  readonly lines: readonly ReceiptLine[];
};

/** Runs from their beginning to their receipt: each is told to the live feed twice, and kept when it has ended. */
export class RunBook {
  readonly #log: RunLog;
  readonly #clock: Pick<Clock, "now">;
  readonly #live: LiveFeed;

  constructor(log: RunLog, live: LiveFeed, clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#log = log;
    this.#live = live;
  }

  begin({ function: fn, decision, ...start }: RunStart): Run {
    const run: Run = {
      ...start,
      function: fn.name,
      trigger: fn.trigger,
      runtime: decision.runtime,
      status: "running",
      startedAtMs: this.#clock.now(),
      durationMs: 0,
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
    const durationMs = this.#clock.now() - run.startedAtMs;
    const ended: Run = { ...run, ...outcome, durationMs, ...billed(run, bill, durationMs) };
    this.#log.recordRun(ended);
    this.#live.publish({ type: "run", data: ended });
    return ended;
  }
}

const NOTHING = { requests: 0, gbSeconds: 0, vcpuSeconds: 0, egressBytes: 0, lines: [] };

function billed(
  { runtime: product }: Run,
  { prices, memoryMb, egressBytes, lines: asked }: RunBill,
  durationMs: number,
): Pick<Run, "receipt" | "costUsd"> {
  if (prices === undefined) return { receipt: NOTHING, costUsd: 0 };
  const own = computeLines(prices, { product, durationMs, memoryMb, egressBytes });
  const lines = [...own, ...asked];
  const units = (kind: ReceiptLine["kind"]): number =>
    own.find((line) => line.kind === kind)?.units ?? 0;
  return {
    receipt: {
      requests: units("requests"),
      gbSeconds: units("gbSeconds"),
      vcpuSeconds: units("vcpuSeconds"),
      egressBytes,
      lines,
    },
    costUsd: toUsd(sumPicoUsd(lines)),
  };
}
