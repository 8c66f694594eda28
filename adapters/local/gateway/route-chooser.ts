import type { Decision } from "#shared/console";
import type { InstanceProfile } from "#shared/host";
import {
  billedMemoryMb,
  billedSeconds,
  billedVcpu,
  createMarket,
  explain,
  LatencyHistograms,
  type Market,
  type PriceBook,
  type RoutedFunction,
  Router,
} from "#shared/routing";

/** A runtime as the router sees it: what it charges, and how its instances live. */
export type RoutedArm = {
  readonly runtime: string;
  readonly prices: PriceBook;
  readonly instances: InstanceProfile;
};

/** What the router has to know of a function. */
export type Routable = {
  readonly name: string;
  readonly targets: readonly string[];
  readonly limits: { readonly timeoutSeconds: number; readonly memoryMb: number };
  readonly slo?: { readonly p95Ms: number; readonly hedge?: true } | undefined;
};

/** The clouds' defaults for answers: nobody has measured them before the first call. */
const ANSWER_GB = 2e-6;
const MB_PER_GB = 1024;

/** What the router saw of every runtime. */
export type Seen = Required<Pick<Decision, "epoch" | "arms">>;

/** So many answers tell a p95. */
const ENOUGH_ANSWERS = 40;

/** The product's router: functions by name, arms by runtime, and each decision with its reasons. */
export class RouteChooser {
  readonly #arms: readonly RoutedArm[];
  readonly #market: Market;
  readonly #router: Router;
  readonly #functions = new Map<string, number>();
  readonly #now: () => number;
  readonly #answers = new LatencyHistograms(0);
  #monthEndsMs = 0;

  constructor(arms: readonly RoutedArm[], now: () => number) {
    this.#arms = arms;
    this.#now = now;
    this.#market = createMarket(
      arms.map(({ runtime, prices, instances }) => ({
        name: runtime,
        scope: runtime,
        book: prices,
        ...instances,
        shares: false,
        carbonGramsPerGbSecond: 0,
      })),
    );
    this.#router = new Router(this.#market);
    this.#startMonth();
  }

  /**
   * The cheapest runtime that keeps the function's promises and is not among `closed`; `undefined` for none. Who is
   * thrifty pays for no trials.
   */
  choose(fn: Routable, closed: ReadonlySet<string>, isThrifty = false): Decision | undefined {
    const number = this.#numberOf(fn);
    // The router tries nothing out where anything is closed; behind the last arm there is none.
    const not = this.#bits(closed) | (isThrifty ? 1 << this.#arms.length : 0);
    const nowMs = this.#now();
    const arm = this.#arms[this.#router.decide(number, nowMs, not)];
    if (arm === undefined) return undefined;
    const reason = this.#router.exploring ? "trial" : "cheapest";
    return { runtime: arm.runtime, reason, ...this.#seen(number, nowMs, not) };
  }

  /** What a decision would be made of now; nothing is decided. */
  seen(fn: Routable): Seen {
    return this.#seen(this.#numberOf(fn), this.#now(), 0);
  }

  /** USD a call at the value of the grants, by runtime; without those that are closed to the function. */
  scores(fn: Routable): ReadonlyMap<string, number> {
    const { arms } = explain(this.#router, this.#numberOf(fn), this.#now());
    return new Map(
      arms.flatMap(({ arm, scoreUsd }) => (scoreUsd === null ? [] : [[arm, scoreUsd] as const])),
    );
  }

  /** The p95 of the function's answers anywhere, rounded up to a bucket; `undefined` while too few are known. */
  p95Ms(fn: Routable): number | undefined {
    const number = this.#numberOf(fn);
    if (this.#answers.total(number) < ENOUGH_ANSWERS) return undefined;
    return this.#answers.quantile(number, 0.95) * targetMsOf(fn);
  }

  /** A call was answered; what it took teaches the router. */
  answered(fn: Routable, decision: Decision, durationMs: number): void {
    this.#answers.record(this.#numberOf(fn), durationMs / targetMsOf(fn));
    const arm = this.#routedArm(decision);
    const prices = this.#arms[arm]?.prices;
    if (prices === undefined) return;
    this.#router.settle({
      fn: this.#numberOf(fn),
      arm,
      nowMs: this.#now(),
      latencyMs: durationMs,
      durationMs,
      billedSeconds: billedSeconds(prices, durationMs),
      explored: decision.reason === "trial",
    });
  }

  /** Nothing answered there: after a few times the function, and then the runtime, is left alone for a while. */
  failed(fn: Routable, decision: Decision): void {
    const arm = this.#routedArm(decision);
    if (arm >= 0) this.#router.fail(this.#numberOf(fn), arm, this.#now());
  }

  /** To be called every minute: old answer times fade, and the value of what is left of the grants is solved for. */
  tick(): void {
    if (this.#now() >= this.#monthEndsMs) this.#startMonth();
    this.#router.tick(this.#now());
  }

  #seen(number: number, nowMs: number, not: number): Seen {
    const { epoch, arms } = explain(this.#router, number, nowMs, not);
    return {
      epoch,
      arms: arms.map(({ arm: name, verdict, scoreUsd }) => ({ runtime: name, verdict, scoreUsd })),
    };
  }

  /** Grants are by the month, in UTC on AWS and Azure; Google's begins eight hours later. */
  #startMonth(): void {
    const now = new Date(this.#now());
    const startMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
    this.#monthEndsMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
    this.#router.plan.startPeriod(startMs, this.#monthEndsMs, this.#market.monthlyGrants);
  }

  /** The arm of a decision that was the router's own, else -1: it has to hear of each of those once. */
  #routedArm({ runtime, arms }: Decision): number {
    return arms === undefined ? -1 : this.#arms.findIndex((one) => one.runtime === runtime);
  }

  #numberOf(fn: Routable): number {
    const known = this.#functions.get(fn.name);
    if (known !== undefined) return known;
    const number = this.#router.add(this.#specOf(fn));
    this.#functions.set(fn.name, number);
    this.#answers.grow(number + 1);
    return number;
  }

  #specOf({ name, targets, limits, slo }: Routable): RoutedFunction {
    const sizes = this.#arms.map(({ prices }) => billedMemoryMb(prices, limits.memoryMb));
    const units = (unit: (prices: PriceBook, sizeMb: number) => number): number[] =>
      this.#arms.map(({ prices }, index) => unit(prices, sizes[index] ?? 0) * prices.grantWeight);
    return {
      name,
      targetMs: targetMsOf({ slo, limits }),
      gb: units((_prices, sizeMb) => sizeMb / MB_PER_GB),
      vcpu: units((prices, sizeMb) => billedVcpu(prices, sizeMb)),
      slowness: this.#arms.map(() => 1),
      allowed: this.#arms.map(({ runtime }) => targets.includes(runtime)),
      answerGb: ANSWER_GB,
      dataGb: 0,
      homeScope: -1,
      preferredArm: -1,
      idempotent: false,
    };
  }

  #bits(runtimes: ReadonlySet<string>): number {
    return this.#arms.reduce(
      (bits, { runtime }, arm) => (runtimes.has(runtime) ? bits | (1 << arm) : bits),
      0,
    );
  }
}

function targetMsOf({ slo, limits }: Pick<Routable, "slo" | "limits">): number {
  return slo?.p95Ms ?? limits.timeoutSeconds * 1000;
}
