import {
  type Arm,
  billedMemoryMb,
  billedSeconds,
  billedVcpu,
  createMarket,
  type Market,
  type PriceBook,
} from "../../shared/routing/index.ts";
import { type Cloud, CLOUDS, type Model } from "./model.ts";
import type { AzurePlan, Books } from "./prices.ts";
import { normal, type Random, randomOf } from "./random.ts";
import { durationAt, type Trace, type TracedFunction } from "./trace.ts";

/** What holds of each function on each arm, drawn from the seed. Tables are laid out `function * arms + arm`. */
export type World = {
  readonly trace: Trace;
  readonly market: Market;
  readonly gb: Float64Array;
  readonly vcpu: Float64Array;
  readonly memoryMb: Float64Array;
  /** How much longer a call takes here than in the trace. */
  readonly slowness: Float64Array;
  /** The part of that which the memory and the arm explain: how long a unit of CPU work takes. */
  readonly cpuTime: Float64Array;
  /** 1 where a warm p95 keeps the target, with the memory that was chosen for that. */
  readonly allowed: Uint8Array;
  readonly targetMs: Float64Array;
  readonly answerGb: Float64Array;
  readonly dataGb: Float64Array;
  readonly home: Int8Array;
  readonly idempotent: Uint8Array;
};

const KB_PER_GB = 1024 ** 2;

/** The arms over a set of books. */
export function marketOf(books: Books, model: Model): Market {
  return createMarket(
    CLOUDS.map((cloud): Arm => ({
      name: cloud,
      scope: cloud,
      book: books[cloud],
      keepAliveMs: model.keepAliveMinutes[cloud] * 60_000,
      coldMs: model.coldMs[cloud],
      coldBilledMs: model.coldBilledMs[cloud],
      carbonGramsPerGbSecond: 0,
    })),
  );
}

/** Draws the world of a seed: CPU shares, bytes, homes of data; and sizes each function's memory on each arm. */
export function createWorld(
  trace: Trace,
  market: Market,
  model: Model,
  plan: AzurePlan,
  seed: number,
): World {
  const count = trace.functions.length;
  const world: World = {
    trace,
    market,
    gb: new Float64Array(count * CLOUDS.length),
    vcpu: new Float64Array(count * CLOUDS.length),
    memoryMb: new Float64Array(count * CLOUDS.length),
    slowness: new Float64Array(count * CLOUDS.length),
    cpuTime: new Float64Array(count * CLOUDS.length),
    allowed: new Uint8Array(count * CLOUDS.length),
    targetMs: new Float64Array(count),
    answerGb: new Float64Array(count),
    dataGb: new Float64Array(count),
    home: new Int8Array(count),
    idempotent: new Uint8Array(count),
  };
  for (const [fn, traced] of trace.functions.entries()) {
    const random = randomOf(seed, fn, 1);
    const cpuShare = random() ** model.cpuShareExponent;
    const p95Ms = durationAt(traced.durationsMs, model.sloQuantile);
    world.targetMs[fn] = model.sloFactor * p95Ms + model.sloSlackMs;
    drawBytes(world, fn, model, random);
    world.idempotent[fn] = random() < model.idempotentShare ? 1 : 0;
    for (const [arm, cloud] of CLOUDS.entries()) {
      place(world, fn, arm, bestSize({ traced, market, model, plan, cpuShare, p95Ms }, cloud, arm));
    }
    allowAllIfNone(world, fn);
  }
  return world;
}

/** Where no arm keeps the target, each is as good as the others. */
function allowAllIfNone({ allowed }: World, fn: number): void {
  const first = fn * CLOUDS.length;
  const row = allowed.subarray(first, first + CLOUDS.length);
  if (row.every((keeps) => keeps === 0)) row.fill(1);
}

function drawBytes(world: World, fn: number, model: Model, random: Random): void {
  const answerKb = model.answerKbMedian * Math.exp(model.answerKbSigma * normal(random));
  const dataKb = model.dataKbMedian * Math.exp(model.dataKbSigma * normal(random));
  const remote = random() < model.remoteDataShare;
  const home = Math.floor(random() * CLOUDS.length);
  world.answerGb[fn] = answerKb / KB_PER_GB;
  world.dataGb[fn] = remote ? dataKb / KB_PER_GB : 0;
  world.home[fn] = remote ? home : -1;
}

type Sizing = {
  readonly traced: TracedFunction;
  readonly market: Market;
  readonly model: Model;
  readonly plan: AzurePlan;
  readonly cpuShare: number;
  readonly p95Ms: number;
};
type Size = {
  readonly memoryMb: number;
  readonly slowness: number;
  readonly cpuTime: number;
  readonly gb: number;
  readonly vcpu: number;
  readonly keeps: boolean;
};

/** The cheapest memory size that keeps the target; where none does, the fastest, marked as one that does not. */
function bestSize(sizing: Sizing, cloud: Cloud, arm: number): Size {
  const sizes = sizesOf(sizing, cloud, arm);
  const keeping = sizes.filter(({ keeps }) => keeps);
  const [best] =
    keeping.length > 0
      ? keeping.toSorted((a, b) => typicalUsd(sizing, arm, a) - typicalUsd(sizing, arm, b))
      : sizes.toSorted((a, b) => a.slowness - b.slowness);
  return best ?? { memoryMb: 0, slowness: 1, cpuTime: 1, gb: 0, vcpu: 0, keeps: false };
}

function sizesOf(sizing: Sizing, cloud: Cloud, arm: number): readonly Size[] {
  const { traced, market, model, plan, cpuShare, p95Ms } = sizing;
  const book = market.arms[arm]?.book;
  if (book === undefined) return [];
  const target = model.sloFactor * p95Ms + model.sloSlackMs;
  return offered(cloud, plan, model, book)
    .filter(({ memoryMb }) => memoryMb >= Math.min(traced.peakMb, book.maxMemoryMb))
    .map(({ memoryMb, vcpus }) => {
      const observed = cloud === "azure" && plan === "y1";
      const billedMb = billedMemoryMb(book, observed ? traced.averageMb : memoryMb);
      const cpuTime = model.cpuTimePerVcpu[cloud] / Math.min(1, vcpus);
      const slowness = 1 - cpuShare + cpuShare * cpuTime;
      const keeps = p95Ms * slowness <= target && traced.peakMb <= book.maxMemoryMb;
      const vcpu = billedVcpu(book, billedMb) * book.grantWeight;
      return { memoryMb, slowness, cpuTime, gb: (billedMb / 1024) * book.grantWeight, vcpu, keeps };
    });
}

function offered(
  cloud: Cloud,
  plan: AzurePlan,
  model: Model,
  { memorySizesMb, vcpuByMemory }: PriceBook,
): readonly { memoryMb: number; vcpus: number }[] {
  const byCloud = {
    aws: () =>
      model.lambdaSizesMb.map((memoryMb) => ({
        memoryMb,
        vcpus: memoryMb / model.lambdaMbPerVcpu,
      })),
    azure: () =>
      plan === "y1"
        ? [{ memoryMb: 1536, vcpus: model.consumptionVcpus }]
        : memorySizesMb.map((memoryMb) => ({ memoryMb, vcpus: memoryMb / model.flexMbPerVcpu })),
    gcp: () => vcpuByMemory.map(({ memoryMb, vcpu }) => ({ memoryMb, vcpus: vcpu })),
  };
  return byCloud[cloud]();
}

function typicalUsd({ traced, market }: Sizing, arm: number, size: Size): number {
  const book = market.arms[arm]?.book;
  if (book === undefined) return Infinity;
  const usdPerSecond = size.gb * book.usdPerGbSecond + size.vcpu * book.usdPerVcpuSecond;
  let usd = 0;
  for (const share of [0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) {
    usd +=
      billedSeconds(book, durationAt(traced.durationsMs, share) * size.slowness) * usdPerSecond;
  }
  return usd;
}

function place(world: World, fn: number, arm: number, size: Size): void {
  const at = fn * CLOUDS.length + arm;
  world.memoryMb[at] = size.memoryMb;
  world.slowness[at] = size.slowness;
  world.cpuTime[at] = size.cpuTime;
  world.gb[at] = size.gb;
  world.vcpu[at] = size.vcpu;
  world.allowed[at] = size.keeps ? 1 : 0;
}
