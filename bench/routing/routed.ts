import { Router, defaultOptions, type RouterOptions } from "../../shared/routing/index.ts";
import { CLOUDS } from "./model.ts";
import type { Policy } from "./policy.ts";
import type { Scenario } from "./replay.ts";

/** The product's router as a policy: two billing periods, the warm-up's and the scored one's, and a tick a minute. */
export function routed(
  scenario: Scenario,
  options: RouterOptions = defaultOptions,
): Policy & { readonly router: Router } {
  const { world, model, faults } = scenario;
  const router = new Router(world.market, options);
  register(router, scenario);
  const scoreFromMs = model.scoreStartsAtMinute * 60_000;
  router.plan.startPeriod(
    0,
    scoreFromMs,
    scenario.grants.map((grant) => (grant * model.warmUpShare) / model.scoredShare),
  );
  let nextTickMs = 0;
  let scoring = false;
  let repriced = faults.price.arm < 0;
  const advance = (nowMs: number): void => {
    if (!repriced && nowMs >= faults.price.fromMs) {
      repriced = true;
      router.plan.changePrices(scenario.prices, 2);
    }
    if (!scoring && nowMs >= scoreFromMs) {
      scoring = true;
      router.plan.startPeriod(scoreFromMs, 1440 * 60_000, scenario.grants);
      nextTickMs = 0;
    }
    if (nowMs < nextTickMs) return;
    nextTickMs = nowMs + 60_000;
    router.tick(nowMs);
  };
  return {
    name: "router",
    waits: false,
    router,
    choose(fn, atMs, _call, not) {
      advance(atMs);
      const arm = router.decide(fn, atMs, not);
      return arm < 0 ? 0 : arm;
    },
    exploring: () => router.exploring,
    ended(outcome) {
      router.settle({ ...outcome, nowMs: outcome.endMs });
    },
    failed: (fn, arm, atMs) => router.fail(fn, arm, atMs),
  };
}

function register(router: Router, { world, model }: Scenario): void {
  const meanCpuShare = 1 / (model.cpuShareExponent + 1);
  for (const [fn, traced] of world.trace.functions.entries()) {
    const places = CLOUDS.map((_, arm) => fn * CLOUDS.length + arm);
    router.add({
      name: traced.name,
      targetMs: world.targetMs[fn] ?? 0,
      gb: places.map((place) => world.gb[place] ?? 0),
      vcpu: places.map((place) => world.vcpu[place] ?? 0),
      slowness: places.map(
        (place) => 1 - meanCpuShare + meanCpuShare * (world.cpuTime[place] ?? 1),
      ),
      allowed: places.map((place) => world.allowed[place] === 1),
      answerGb: world.answerGb[fn] ?? 0,
      dataGb: world.dataGb[fn] ?? 0,
      homeScope: world.home[fn] ?? -1,
      preferredArm: -1,
      idempotent: world.idempotent[fn] === 1,
    });
  }
}
