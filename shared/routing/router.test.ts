import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explain } from "./explain.ts";
import { createMarket } from "./market.ts";
import { defaultOptions, Router } from "./router.ts";
import type { RoutedFunction } from "./router-tables.ts";
import { book, sampleArm, sampleFunction } from "./sample.conformance.ts";

const [CHEAP, MIDDLE, DEAR] = [0, 1, 2];
const arms = [sampleArm("cheap", 1), sampleArm("middle", 1.3), sampleArm("dear", 2)];

/** A router over three arms whose grants are spent, so that list prices decide. */
function routerOf(options: Partial<typeof defaultOptions> = {}): Router {
  const market = createMarket(arms);
  const router = new Router(market, { ...defaultOptions, ...options });
  router.plan.startPeriod(0, 1e9, new Float64Array(market.prices.length));
  return router;
}

/** Calls a function once a second and lets each call end as `durationMs` says. */
function drive(
  router: Router,
  fn: number,
  calls: number,
  durationMs: (arm: number, call: number) => number = () => 300,
  fromMs = 0,
): number[] {
  return Array.from({ length: calls }, (_, call) => {
    const nowMs = fromMs + call * 1000;
    router.tick(nowMs);
    const arm = router.decide(fn, nowMs);
    const ms = durationMs(arm, call);
    const explored = router.exploring;
    router.settle({
      fn,
      arm,
      nowMs,
      latencyMs: ms,
      durationMs: ms,
      billedSeconds: ms / 1000,
      explored,
    });
    return arm;
  });
}

function count(chosen: readonly number[], arm: number): number {
  return chosen.filter((one) => one === arm).length;
}

function onlyOn(...open: readonly number[]): RoutedFunction {
  return { ...sampleFunction, allowed: [0, 1, 2].map((arm) => open.includes(arm)) };
}

describe("Router.decide", () => {
  it("takes the cheapest arm", () => {
    const router = routerOf();
    const chosen = drive(router, router.add(sampleFunction), 300);
    expect(count(chosen, CHEAP)).toBeGreaterThan(290);
  });

  it("never takes an arm that is masked, closed or excluded, whatever else happens", () => {
    const step = fc.record({
      ms: fc.integer({ min: 1, max: 5000 }),
      gapMs: fc.integer({ min: 0, max: 2_000_000 }),
      fails: fc.boolean(),
      not: fc.integer({ min: 0, max: 7 }),
    });
    const masks = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(masks, fc.array(step, { maxLength: 60 }), (allowed, steps) => {
        const router = routerOf();
        const fn = router.add({ ...sampleFunction, allowed });
        let nowMs = 0;
        for (const { ms, gapMs, fails, not } of steps) {
          nowMs += gapMs;
          router.tick(nowMs);
          const open = [0, 1, 2].filter(
            (arm) =>
              allowed[arm] &&
              (not & (1 << arm)) === 0 &&
              !router.breakers.isOpen(fn * 3 + arm, arm, nowMs),
          );
          const arm = router.decide(fn, nowMs, not);
          expect(arm === -1 ? open.length === 0 : open.includes(arm)).toBe(true);
          if (arm < 0) continue;
          if (fails) router.fail(fn, arm, nowMs);
          else {
            const settled = { fn, arm, nowMs, latencyMs: ms, durationMs: ms, explored: false };
            router.settle({ ...settled, billedSeconds: ms / 1000 });
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keeps a session and a preferred arm where they are while that is healthy", () => {
    const router = routerOf();
    const fn = router.add(sampleFunction);
    expect(router.decide(fn, 0, 0, DEAR)).toBe(DEAR);
    const home = router.add({ ...sampleFunction, preferredArm: MIDDLE });
    expect(router.decide(home, 0)).toBe(MIDDLE);
    for (let failure = 0; failure < 3; failure++) router.fail(home, MIDDLE, 0);
    expect(router.decide(home, 1)).toBe(CHEAP);
  });

  it("stays for the dwell time, and for gains below 3 %", () => {
    const router = routerOf();
    const fn = router.add(sampleFunction);
    expect(router.decide(fn, 0)).toBe(CHEAP);
    const repriced = (factor: number) => {
      const prices = router.market.prices.slice();
      for (let r = 0; r < 4; r++) prices[r] = (prices[r] ?? 0) * factor;
      router.plan.changePrices(prices, 2);
    };
    repriced(3);
    expect(router.decide(fn, 29_000)).toBe(CHEAP);
    expect(router.decide(fn, 31_000)).toBe(MIDDLE);
    repriced(1.28);
    expect(router.decide(fn, 120_000)).toBe(MIDDLE);
    repriced(1.2);
    expect(router.decide(fn, 120_000)).toBe(CHEAP);
  });

  it("sends calls elsewhere when an arm has no capacity left, and back when it has", () => {
    const router = routerOf();
    const fn = router.add(sampleFunction);
    router.capacity.limit(CHEAP, 2, 0);
    expect([0, 0, 0].map(() => router.decide(fn, 0))).toEqual([CHEAP, CHEAP, MIDDLE]);
    expect(router.decide(fn, 40_000)).toBe(CHEAP);
  });

  it("charges for carbon when that has a price", () => {
    const dirty = { ...sampleArm("dirty", 1), carbonGramsPerGbSecond: 0.01 };
    const market = createMarket([dirty, sampleArm("clean", 1.2)]);
    const two = {
      ...sampleFunction,
      gb: [1, 1],
      vcpu: [1, 1],
      slowness: [1, 1],
      allowed: [true, true],
    };
    for (const [usdPerCarbonGram, arm] of [
      [0, 0],
      [0.01, 1],
    ] as const) {
      const router = new Router(market, { ...defaultOptions, usdPerCarbonGram });
      expect(router.decide(router.add(two), 0)).toBe(arm);
    }
  });
});

describe("what the router learns", () => {
  it("leaves an arm that is slower than its memory promises, although its price is lower", () => {
    const router = routerOf();
    const fn = router.add({ ...sampleFunction, targetMs: 20_000 });
    const chosen = drive(router, fn, 2000, (arm) => (arm === CHEAP ? 900 : 300));
    expect(count(chosen.slice(-500), MIDDLE)).toBeGreaterThan(450);
  });

  it("masks an arm whose p95 is above the target", () => {
    const router = routerOf();
    const fn = router.add(sampleFunction);
    const late = (arm: number, call: number) => (arm === CHEAP && call % 10 === 0 ? 5000 : 100);
    drive(router, fn, 100, late);
    expect(explain(router, fn, 100_000).arms[CHEAP]).toMatchObject({
      verdict: "too slow",
      scoreUsd: null,
    });
    const chosen = drive(router, fn, 1000, late, 100_000);
    expect(count(chosen, CHEAP)).toBeLessThan(150);
  });

  it.each([
    [true, 1, 25],
    [false, 0, 0],
  ])("explores within its caps where a call may be repeated (%s)", (idempotent, least, most) => {
    const router = routerOf({ optimism: 5 });
    const chosen = drive(router, router.add({ ...sampleFunction, idempotent }), 5000);
    const trials = chosen.length - count(chosen, CHEAP);
    expect(trials).toBeGreaterThanOrEqual(least);
    expect(trials).toBeLessThanOrEqual(most);
  });

  it("is deterministic: the same calls give the same choices", () => {
    const [first, second] = [routerOf(), routerOf()].map((router) =>
      drive(router, router.add(sampleFunction), 800, (arm, call) => (1 + (call % 7)) * (arm + 1)),
    );
    expect(first).toEqual(second);
  });
});

describe("the breaker", () => {
  it("opens after failures, lets one probe through after a pause, and closes with its success", () => {
    const router = routerOf();
    const fn = router.add(onlyOn(CHEAP, MIDDLE));
    for (let failure = 0; failure < 3; failure++) router.fail(fn, CHEAP, 0);
    expect(router.decide(fn, 1000)).toBe(MIDDLE);
    expect(explain(router, fn, 1000).arms[CHEAP]?.verdict).toBe("unhealthy");
    expect([60_000, 60_001].map((nowMs) => router.decide(fn, nowMs))).toEqual([CHEAP, MIDDLE]);
    const probe = { fn, arm: CHEAP, nowMs: 60_300, latencyMs: 300, durationMs: 300 };
    router.settle({ ...probe, billedSeconds: 0.3, explored: false });
    // It comes back at once: it had not left.
    expect(router.decide(fn, 60_301)).toBe(CHEAP);
  });

  it("lets a function leave for good what it never was on", () => {
    const router = routerOf();
    const fn = router.add(sampleFunction);
    for (let failure = 0; failure < 3; failure++) router.fail(fn, CHEAP, 0);
    expect(router.decide(fn, 1000)).toBe(MIDDLE);
    expect(explain(router, fn, 1000).arms[MIDDLE]?.incumbent).toBe(true);
  });

  it("closes an arm for all functions when many fail there", () => {
    const router = routerOf();
    const functions = Array.from({ length: 6 }, () => router.add(sampleFunction));
    for (const fn of functions.slice(0, 5)) router.fail(fn, CHEAP, 0);
    expect(router.decide(functions[5] ?? 0, 1)).toBe(MIDDLE);
  });
});

describe("grants", () => {
  it("spreads over free grants before it pays, and pays the cheapest arm when they are spent", () => {
    const market = createMarket(arms);
    const router = new Router(market);
    const grants = market.monthlyGrants.map(() => 0);
    for (const [at, units] of [
      [4, 1e6],
      [5, 1e6],
      [6, 1e6],
    ] as const)
      grants[at] = units;
    router.plan.startPeriod(0, 3_600_000, grants);
    const fn = router.add(sampleFunction);
    expect(count(drive(router, fn, 600), MIDDLE)).toBeGreaterThan(500);
    router.plan.startPeriod(600_000, 3_600_000, new Float64Array(grants.length));
    expect(count(drive(router, fn, 1000, undefined, 600_000).slice(400), CHEAP)).toBeGreaterThan(
      500,
    );
  });
});

describe("state", () => {
  it("takes at most 512 bytes per function on three arms", () => {
    const router = routerOf();
    for (let fn = 0; fn < 1024; fn++) router.add(sampleFunction);
    expect(router.tables.bytesPerFunction).toBeLessThanOrEqual(512);
  });
});

describe("createMarket", () => {
  it("refuses arms that share a grant at different prices", () => {
    const other = { ...sampleArm("cheap", 2), name: "other" };
    expect(() => createMarket([sampleArm("cheap", 1), other])).toThrow(/differ in price/);
  });

  it("counts a tier 2 unit as 1.4 of the grant, at the same price per billed unit", () => {
    const tier2 = { ...book, grantWeight: 1.4 };
    const { prices } = createMarket([{ ...sampleArm("two", 1), book: tier2 }]);
    expect((prices[1] ?? 0) * 1.4).toBeCloseTo(book.usdPerGbSecond, 15);
  });
});
