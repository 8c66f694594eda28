import { billedSeconds, overflowUsd, usePlace } from "../../shared/routing/index.ts";
import type { Calls } from "./calls.ts";
import { Completions, type Outcome } from "./completions.ts";
import { type Faults, isDown, slowdown } from "./faults.ts";
import { Instances } from "./instances.ts";
import { CLOUDS, type Model } from "./model.ts";
import type { Policy } from "./policy.ts";
import type { World } from "./world.ts";

export type Scenario = {
  readonly world: World;
  readonly calls: Calls;
  readonly faults: Faults;
  readonly model: Model;
  /** Prices, and grants in proportion to time, of the scored part of the day. */
  readonly prices: Float64Array;
  readonly grants: Float64Array;
};

/** One scored call, for `--items`. */
export type Item = {
  readonly atMs: number;
  readonly fn: number;
  readonly arm: number;
  readonly billedSeconds: number;
  readonly cold: boolean;
  /** What the call adds to the bill when grants are used up in the order of calls; they sum to the policy's cost. */
  readonly usd: number;
};

export type Result = {
  readonly policy: string;
  readonly costUsd: number;
  readonly usage: Float64Array;
  /** Functions whose p95 over the scored calls, cold starts included, is above their target. */
  readonly sloViolations: number;
  /** 1 for each such function. */
  readonly missed: Uint8Array;
  /** The share of each function's scored calls that started cold. */
  readonly coldShare: Float64Array;
  /** Scored calls that took longer than the target. */
  readonly lateCalls: number;
  readonly coldStarts: number;
  /** Calls that were run twice, because the answer of the first run was lost; both are billed. */
  readonly duplicates: number;
  readonly failedAttempts: number;
  readonly switches: number;
  readonly explored: number;
  readonly exploredUsd: number;
  /** Scored calls that ran where the mask forbids: too slow for the target at the p95, or down when they came. */
  readonly maskBreaks: number;
  readonly callsByArm: readonly number[];
};

/** Runs a day under a policy, and counts from the start of the scored part on. */
export function replay(scenario: Scenario, policy: Policy, onItem?: (item: Item) => void): Result {
  return new Run(scenario, policy, onItem).play();
}

class Run {
  readonly #scenario: Scenario;
  readonly #policy: Policy;
  readonly #onItem: ((item: Item) => void) | undefined;
  readonly #instances: Instances;
  readonly #completions = new Completions();
  readonly #usage: Float64Array;
  readonly #late: Uint32Array;
  readonly #cold: Uint32Array;
  readonly #scored: Uint32Array;
  readonly #lastArm: Int8Array;
  readonly #callsByArm = [0, 0, 0];
  readonly #scoreFromMs: number;
  readonly #counts = {
    coldStarts: 0,
    duplicates: 0,
    failedAttempts: 0,
    switches: 0,
    explored: 0,
    exploredUsd: 0,
    maskBreaks: 0,
  };
  #usd = 0;
  #restarted = false;

  constructor(scenario: Scenario, policy: Policy, onItem: ((item: Item) => void) | undefined) {
    const { world, model } = scenario;
    this.#scenario = scenario;
    this.#policy = policy;
    this.#onItem = onItem;
    const keepAlive = CLOUDS.map((cloud) => model.keepAliveMinutes[cloud] * 60_000);
    const perInstance = CLOUDS.map((cloud) => model.callsPerInstance[cloud]);
    this.#instances = new Instances(
      world.gb.length,
      Float64Array.from(keepAlive),
      Float64Array.from(perInstance),
    );
    this.#usage = new Float64Array(world.market.prices.length);
    this.#late = new Uint32Array(world.targetMs.length);
    this.#cold = new Uint32Array(world.targetMs.length);
    this.#scored = new Uint32Array(world.targetMs.length);
    this.#lastArm = new Int8Array(world.targetMs.length).fill(-1);
    this.#scoreFromMs = model.scoreStartsAtMinute * 60_000;
  }

  play(): Result {
    const { calls } = this.#scenario;
    for (let call = 0; call < calls.fn.length; call++) {
      const atMs = calls.atMs[call] ?? 0;
      this.#tell(atMs);
      this.#serve(call, calls.fn[call] ?? 0, atMs);
    }
    const missed = this.#missed();
    return {
      policy: this.#policy.name,
      costUsd: this.#usd,
      usage: this.#usage,
      sloViolations: missed.reduce((sum, one) => sum + one, 0),
      missed,
      coldShare: Float64Array.from(this.#cold, (cold, fn) => cold / (this.#scored[fn] || 1)),
      lateCalls: this.#late.reduce((sum, count) => sum + count, 0),
      callsByArm: this.#callsByArm,
      ...this.#counts,
    };
  }

  /** Tells the policy what has ended by now: not sooner, or it would know durations before they pass. */
  #tell(nowMs: number): void {
    if (this.#policy.ended === undefined) return;
    let outcome = this.#completions.pop(nowMs);
    while (outcome !== undefined) {
      this.#policy.ended(outcome);
      outcome = this.#completions.pop(nowMs);
    }
  }

  #serve(call: number, fn: number, atMs: number): void {
    const { faults } = this.#scenario;
    let startMs = atMs;
    let not = 0;
    for (let attempt = 0; ; attempt++) {
      const arm = this.#policy.choose(fn, startMs, call, not);
      if (isDown(faults, arm, startMs)) {
        startMs = this.#afterFailure(fn, arm, startMs);
        not |= 1 << arm;
        continue;
      }
      const outcome = this.#execute(call, fn, arm, startMs, atMs);
      if (!outcome.lost || attempt > 3) return;
      // The answer is lost, not the work: the same idempotency key goes elsewhere, and both runs are billed.
      this.#counts.duplicates += startMs >= this.#scoreFromMs ? 1 : 0;
      startMs = this.#afterFailure(fn, arm, faults.down.fromMs);
      not |= 1 << arm;
    }
  }

  #afterFailure(fn: number, arm: number, atMs: number): number {
    const { faults, model } = this.#scenario;
    this.#counts.failedAttempts += atMs >= this.#scoreFromMs ? 1 : 0;
    this.#policy.failed?.(fn, arm, atMs);
    if (!this.#restarted) {
      this.#restarted = true;
      this.#instances.stop(arm, CLOUDS.length);
    }
    return this.#policy.waits ? faults.down.toMs : atMs + model.failedAttemptMs;
  }

  #execute(call: number, fn: number, arm: number, startMs: number, atMs: number): Outcome {
    const { world, calls, faults, model } = this.#scenario;
    const place = fn * CLOUDS.length + arm;
    const cloud = CLOUDS[arm] ?? "aws";
    const work = (calls.workMs[call] ?? 0) * (world.slowness[place] ?? 1);
    const durationMs = work * slowdown(faults, arm, startMs);
    const cold = !this.#instances.take(place, arm, startMs);
    const billedMs = durationMs + (cold ? model.coldBilledMs[cloud] : 0);
    const book = world.market.arms[arm]?.book;
    const seconds = book === undefined ? 0 : billedSeconds(book, billedMs);
    const endMs = startMs + durationMs + (cold ? model.coldMs[cloud] : 0);
    this.#instances.release(place, endMs);
    const explored = this.#policy.exploring?.() === true;
    const latencyMs = endMs - atMs;
    const outcome: Outcome = {
      endMs,
      call,
      fn,
      arm,
      latencyMs,
      durationMs,
      billedSeconds: seconds,
      cold,
      explored,
      lost: isDown(faults, arm, endMs),
    };
    if (this.#policy.ended !== undefined && !outcome.lost) this.#completions.push(outcome);
    if (atMs >= this.#scoreFromMs) this.#count(outcome, place, atMs);
    this.#lastArm[fn] = arm;
    return outcome;
  }

  #count(outcome: Outcome, place: number, atMs: number): void {
    const { world, prices, grants } = this.#scenario;
    const { fn, arm, cold, explored, latencyMs } = outcome;
    const fees = usePlace(world, place, 1, outcome.billedSeconds, this.#usage);
    const total = overflowUsd(prices, grants, this.#usage) + fees;
    const usd = total - this.#usd;
    this.#usd = total;
    this.#callsByArm[arm] = (this.#callsByArm[arm] ?? 0) + 1;
    if (!outcome.lost) this.#scored[fn] = (this.#scored[fn] ?? 0) + 1;
    if (!outcome.lost && latencyMs > (world.targetMs[fn] ?? 0))
      this.#late[fn] = (this.#late[fn] ?? 0) + 1;
    const counts = this.#counts;
    if (cold) {
      counts.coldStarts++;
      this.#cold[fn] = (this.#cold[fn] ?? 0) + 1;
    }
    if (this.#breaksMask(place, arm, atMs)) counts.maskBreaks++;
    const last = this.#lastArm[fn] ?? -1;
    if (last >= 0 && last !== arm) counts.switches++;
    if (explored) {
      counts.explored++;
      counts.exploredUsd += usd;
    }
    this.#onItem?.({ atMs, fn, arm, billedSeconds: outcome.billedSeconds, cold, usd });
  }

  #breaksMask(place: number, arm: number, atMs: number): boolean {
    const { world, faults, model } = this.#scenario;
    if (world.allowed[place] !== 1 || isDown(faults, arm, atMs)) return true;
    const factor = slowdown(faults, arm, atMs);
    if (factor === 1) return false;
    const fn = Math.floor(place / CLOUDS.length);
    const target = world.targetMs[fn] ?? 0;
    const p95Ms = (target - model.sloSlackMs) / model.sloFactor;
    return p95Ms * (world.slowness[place] ?? 1) * factor > target;
  }

  /** A p95 is above the target when more calls are late than may lie above the 95th percentile. */
  #missed(): Uint8Array {
    const { sloQuantile } = this.#scenario.model;
    return Uint8Array.from(this.#late, (late, fn) => {
      const scored = this.#scored[fn] ?? 0;
      return late > scored - Math.ceil(sloQuantile * scored) ? 1 : 0;
    });
  }
}
