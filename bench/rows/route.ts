import awsAdapter from "../../adapters/aws/adapter.ts";
import azureAdapter from "../../adapters/azure/adapter.ts";
import gcpAdapter from "../../adapters/gcp/adapter.ts";
import { computeLines } from "../../adapters/local/gateway/compute-lines.ts";
import { RouteChooser } from "../../adapters/local/gateway/route-chooser.ts";
import { sumPicoUsd, toUsd, useLines } from "../../shared/metering/index.ts";
import { Budgets, createMarket, Router } from "../../shared/routing/index.ts";
import { quantile } from "../measure.ts";
import type { Figure, Row } from "../report.ts";

const FUNCTIONS = 1_000;
const ROUNDS = 4_001;
/** Calls of a round: enough for the clock's grain, too few to hide a slow one. */
const CALLS = 16;
const MOST_BYTES = 512;

const adapters = [awsAdapter, azureAdapter, gcpAdapter];

/** How long it takes to decide where a call goes, alone and with all that goes with it; and what is kept for it. */
export async function route(): Promise<Row> {
  return {
    id: "route",
    title: `Routing a call over three runtimes, ${FUNCTIONS} functions`,
    figures: [...decisions(), ...wholeRoutes()],
    notes: [
      "a route is the tenant's budget (reserve, spend, release), the decision with its reasons, what it teaches the router,",
      `and the receipt with two operations of state; ${ROUNDS} rounds of ${CALLS} calls, garbage collection included`,
    ],
  };
}

function decisions(): Figure[] {
  const market = createMarket(
    adapters.map(({ name, price, instances }) => ({
      name,
      scope: name,
      book: price,
      ...instances,
      shares: false,
      carbonGramsPerGbSecond: 0,
    })),
  );
  const router = new Router(market);
  router.plan.startPeriod(0, 1e9, market.monthlyGrants);
  for (let fn = 0; fn < FUNCTIONS; fn += 1) {
    router.add({
      name: `f${fn}`,
      targetMs: 1_000,
      gb: [0.25, 0.25, 0.25],
      vcpu: [0, 0, 0.167],
      slowness: [1, 1, 1],
      allowed: [true, true, true],
      answerGb: 2e-6,
      dataGb: 0,
      homeScope: -1,
      preferredArm: -1,
      idempotent: true,
    });
  }
  let nowMs = 0;
  const figures = timed("decision", { p50: 0.25, p99: 2 }, (call) => {
    nowMs += 1;
    router.decide(call % FUNCTIONS, nowMs);
  });
  const bytes = router.tables.bytesPerFunction;
  const kept = { name: "kept per function", value: bytes, unit: "bytes" };
  return [...figures, { ...kept, target: `≤ ${MOST_BYTES}`, met: bytes <= MOST_BYTES }];
}

function wholeRoutes(): Figure[] {
  let nowMs = Date.UTC(2026, 10, 21);
  const arms = adapters.map(({ name: runtime, price: prices, instances }) => ({
    runtime,
    prices,
    instances,
  }));
  const chooser = new RouteChooser(arms, () => nowMs);
  const byName = new Map(adapters.map((adapter) => [adapter.name as string, adapter]));
  const limits = new Map([["default", { softUsd: 1e5, hardUsd: 1e6 }]]);
  const budgets = new Budgets(limits, { now: () => nowMs });
  const none: ReadonlySet<string> = new Set();
  const functions = Array.from({ length: FUNCTIONS }, (_, index) => ({
    name: `f${index}`,
    targets: ["aws", "azure", "gcp"],
    limits: { timeoutSeconds: 30, memoryMb: 256 },
  }));
  const used = [
    { operation: "stateRead", product: "local", sizeBytes: 800 },
    { operation: "stateWrite", product: "local", sizeBytes: 800 },
  ] as const;
  return timed("route with budget and receipt", { p99: 10 }, (call) => {
    nowMs += 1;
    const fn = functions[call % FUNCTIONS];
    if (fn === undefined) return;
    const reserved = budgets.reserve("default", 1e-4);
    const decision = chooser.choose(fn, none, budgets.tight("default") !== undefined);
    const adapter = byName.get(decision?.runtime ?? "");
    if (decision === undefined || adapter === undefined) throw new Error("nothing was chosen");
    const run = { product: decision.runtime, durationMs: 20, memoryMb: 256, egressBytes: 900 };
    const lines = [...computeLines(adapter.price, run), ...useLines(used, adapter.operations)];
    budgets.spend("default", toUsd(sumPicoUsd(lines)));
    budgets.release(reserved);
    chooser.answered(fn, decision, 20);
  });
}

function timed(
  name: string,
  most: { readonly p50?: number; readonly p99: number },
  run: (call: number) => void,
): Figure[] {
  let call = 0;
  const round = (): number => {
    const before = performance.now();
    for (let index = 0; index < CALLS; index += 1) run(call++);
    return ((performance.now() - before) * 1000) / CALLS;
  };
  for (let warm = 0; warm < ROUNDS; warm += 1) round();
  const us = Array.from({ length: ROUNDS }, round);
  const figure = (share: number, label: "p50" | "p99"): Figure => {
    const value = quantile(us, share);
    const bound = most[label];
    const target = bound === undefined ? {} : { target: `≤ ${bound}`, met: value <= bound };
    return { name: `${name}, ${label}`, value, unit: "µs", ...target };
  };
  return [figure(0.5, "p50"), figure(0.99, "p99")];
}
