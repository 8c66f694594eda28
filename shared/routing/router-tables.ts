import { LatencyHistograms } from "./latency-histogram.ts";

/** What a router is told of a function. Lists are by arm, in the order of the market. */
export type RoutedFunction = {
  readonly name: string;
  /** The most that the p95 answer time may be, cold starts included. */
  readonly targetMs: number;
  /** GB and vCPU, in units of the grant, that a billed second takes; see `billedMemoryMb`, `billedVcpu`. */
  readonly gb: readonly number[];
  readonly vcpu: readonly number[];
  /** How much longer a call is expected to take than elsewhere, before any is measured; from the CPU that comes along. */
  readonly slowness: readonly number[];
  /** Where the function may run at all: residency, capability. */
  readonly allowed: readonly boolean[];
  readonly feeUsd?: readonly number[];
  readonly answerGb: number;
  /** GB that a call reads from the scope where its data live; -1 as home when there are none. */
  readonly dataGb: number;
  readonly homeScope: number;
  /** The arm that has it whenever it is healthy, whatever the others cost; -1 for none. */
  readonly preferredArm: number;
  /** Only such functions are used to learn about arms that look dearer. */
  readonly idempotent: boolean;
};

/** All that a router knows, as columns: no object per function or call, and nothing to collect. */
export class RouterTables {
  readonly arms: number;
  functions = 0;
  #capacity = 0;
  readonly histograms: LatencyHistograms;

  // By function.
  targetMs = new Float32Array(0);
  answerGb = new Float32Array(0);
  dataGb = new Float32Array(0);
  homeScope = new Int8Array(0);
  preferred = new Int8Array(0);
  idempotent = new Uint8Array(0);
  /** The arm that has the function now, and since when. */
  incumbent = new Int8Array(0);
  sinceMs = new Float64Array(0);
  calls = new Uint32Array(0);
  /** Calls that have ended, at most a count that makes the mean follow. */
  ended = new Float32Array(0);
  lastCallMs = new Float64Array(0);
  /** Variance of the logarithm of durations. */
  logVariance = new Float32Array(0);

  // By function and arm.
  gb = new Float32Array(0);
  vcpu = new Float32Array(0);
  feeUsd = new Float32Array(0);
  allowed = new Uint8Array(0);
  /** USD per call, and per billed second, at the current duals. */
  intercept = new Float32Array(0);
  slope = new Float32Array(0);
  /** Mean billed seconds of a call, as if it ran here. */
  seconds = new Float64Array(0);
  /** What is billed of a call's own seconds where overlapping calls share an instance; 1 when alone. */
  billedPart = new Float32Array(0);
  /** Logarithm of how much longer calls take here, first expected, then measured. */
  logSlowness = new Float32Array(0);
  logExpected = new Float32Array(0);
  logMean = new Float32Array(0);
  measured = new Float32Array(0);
  /** Share of calls that would start cold if all ran here. */
  coldShare = new Float32Array(0);
  /** 1 where the last call would have started cold if all ran here. */
  coldNow = new Uint8Array(0);
  lastUseMs = new Float64Array(0);
  /** How far the p95 answer time is from the target, 0 where it keeps it; see {@link SloMask}. */
  slow = new Uint8Array(0);
  /** 1 where less than a fifth of the target is left at the p95: no time for trials. */
  tight = new Uint8Array(0);
  /** Calls under way. */
  pending = new Uint16Array(0);
  failures = new Uint8Array(0);
  closedUntilMs = new Float64Array(0);

  constructor(arms: number) {
    this.arms = arms;
    this.histograms = new LatencyHistograms(0);
  }

  /** Bytes of state for one function; the target is 512 for three arms. */
  get bytesPerFunction(): number {
    let bytes = this.histograms.bytes;
    for (const value of Object.values(this))
      if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    return this.#capacity === 0 ? 0 : bytes / this.#capacity;
  }

  /** Makes a row for one more function and gives its number. */
  add(spec: RoutedFunction): number {
    if (this.functions === this.#capacity) this.#grow(Math.max(16, this.#capacity * 2));
    const fn = this.functions++;
    this.targetMs[fn] = spec.targetMs;
    this.answerGb[fn] = spec.answerGb;
    this.dataGb[fn] = spec.dataGb;
    this.homeScope[fn] = spec.homeScope;
    this.preferred[fn] = spec.preferredArm;
    this.idempotent[fn] = spec.idempotent ? 1 : 0;
    this.incumbent[fn] = -1;
    this.sinceMs[fn] = -Infinity;
    this.lastCallMs[fn] = -Infinity;
    this.logVariance[fn] = 1;
    for (let arm = 0; arm < this.arms; arm++) this.#addPlace(fn * this.arms + arm, spec, arm);
    return fn;
  }

  #addPlace(place: number, spec: RoutedFunction, arm: number): void {
    this.gb[place] = spec.gb[arm] ?? 0;
    this.vcpu[place] = spec.vcpu[arm] ?? 0;
    this.feeUsd[place] = spec.feeUsd?.[arm] ?? 0;
    this.allowed[place] = spec.allowed[arm] === true ? 1 : 0;
    this.logSlowness[place] = Math.log(spec.slowness[arm] ?? 1);
    this.logExpected[place] = this.logSlowness[place] ?? 0;
    this.coldShare[place] = 1;
    this.billedPart[place] = 1;
    this.lastUseMs[place] = -Infinity;
    this.closedUntilMs[place] = -Infinity;
  }

  #grow(capacity: number): void {
    this.#capacity = capacity;
    const places = capacity * this.arms;
    this.histograms.grow(places);
    this.targetMs = grown(this.targetMs, new Float32Array(capacity));
    this.answerGb = grown(this.answerGb, new Float32Array(capacity));
    this.dataGb = grown(this.dataGb, new Float32Array(capacity));
    this.homeScope = grown(this.homeScope, new Int8Array(capacity));
    this.preferred = grown(this.preferred, new Int8Array(capacity));
    this.idempotent = grown(this.idempotent, new Uint8Array(capacity));
    this.incumbent = grown(this.incumbent, new Int8Array(capacity));
    this.sinceMs = grown(this.sinceMs, new Float64Array(capacity));
    this.calls = grown(this.calls, new Uint32Array(capacity));
    this.ended = grown(this.ended, new Float32Array(capacity));
    this.lastCallMs = grown(this.lastCallMs, new Float64Array(capacity));
    this.logVariance = grown(this.logVariance, new Float32Array(capacity));
    this.gb = grown(this.gb, new Float32Array(places));
    this.vcpu = grown(this.vcpu, new Float32Array(places));
    this.feeUsd = grown(this.feeUsd, new Float32Array(places));
    this.allowed = grown(this.allowed, new Uint8Array(places));
    this.intercept = grown(this.intercept, new Float32Array(places));
    this.slope = grown(this.slope, new Float32Array(places));
    this.seconds = grown(this.seconds, new Float64Array(places));
    this.billedPart = grown(this.billedPart, new Float32Array(places));
    this.logSlowness = grown(this.logSlowness, new Float32Array(places));
    this.logExpected = grown(this.logExpected, new Float32Array(places));
    this.logMean = grown(this.logMean, new Float32Array(places));
    this.measured = grown(this.measured, new Float32Array(places));
    this.coldShare = grown(this.coldShare, new Float32Array(places));
    this.coldNow = grown(this.coldNow, new Uint8Array(places));
    this.lastUseMs = grown(this.lastUseMs, new Float64Array(places));
    this.tight = grown(this.tight, new Uint8Array(places));
    this.slow = grown(this.slow, new Uint8Array(places));
    this.pending = grown(this.pending, new Uint16Array(places));
    this.failures = grown(this.failures, new Uint8Array(places));
    this.closedUntilMs = grown(this.closedUntilMs, new Float64Array(places));
  }
}

type Column = Uint8Array | Uint16Array | Int8Array | Uint32Array | Float32Array | Float64Array;

function grown<C extends Column>(from: Column, to: C): C {
  to.set(from);
  return to;
}
