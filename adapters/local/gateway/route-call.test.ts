import type { Run } from "#shared/console";
import { Fault } from "#shared/errors";
import { Budgets } from "#shared/routing";
import { FakeClock, seededRandom } from "#shared/testing";
import { describe, expect, it } from "vitest";
import type { CloudHost } from "../hosts/host.ts";
import { Fleet, type FleetOptions } from "./fleet.ts";
import { LiveFeed } from "./live.ts";
import { armsOf, recordingHost } from "./recording-host.conformance.ts";
import type { CallOptions } from "./route-call.ts";

const orders = {
  name: "orders",
  trigger: "http" as const,
  targets: ["aws", "azure", "gcp"],
  limits: { timeoutSeconds: 30, memoryMb: 256 },
  slo: { p95Ms: 1_000, hedge: true as const },
};
const input = { method: "GET", path: "/", query: "", headers: {}, body: "", clientIp: undefined };
const read: CallOptions = { repeatable: true, keyed: false, reads: true };
const write: CallOptions = { repeatable: true, keyed: true, reads: false };
const unknown: CallOptions = { repeatable: false, keyed: false, reads: false };

type Attempt = { readonly call: string; readonly beganMs: number; endMs: number; failed: boolean };

/** Three hosts whose answers take as long as told, or fail; and what was asked of them. */
class World {
  readonly clock = new FakeClock();
  readonly runs: Run[] = [];
  readonly attempts: Attempt[] = [];
  readonly fleet: Fleet;
  answer: () => { readonly tookMs: number; readonly fails: boolean } = () => QUICK;

  constructor(options: FleetOptions = {}) {
    const hosts = ["aws", "azure", "gcp"].map((runtime) => this.#host(runtime));
    const log = { recordRun: (run: Run) => void this.runs.push(run) };
    const ports = { clock: this.clock, random: seededRandom(1), ...options };
    this.fleet = new Fleet(armsOf(hosts), log, new LiveFeed(), ports);
  }

  async call(options: CallOptions, call = "call"): Promise<string> {
    const headers = { "x-call": call };
    const own = { ...input, headers };
    return this.fleet.calls.call(orders, own, options).then(
      () => "answered",
      (thrown: unknown) => (Fault.is(thrown) ? thrown.code : "thrown"),
    );
  }

  #host(runtime: string): CloudHost {
    const { host } = recordingHost(runtime);
    return {
      ...host,
      http: async (_fn, { headers }, signal) => {
        const { tookMs, fails } = this.answer();
        const beganMs = this.clock.now();
        const attempt: Attempt = {
          call: headers["x-call"] ?? "",
          beganMs,
          endMs: Infinity,
          failed: false,
        };
        this.attempts.push(attempt);
        await this.clock.sleep(tookMs, signal);
        attempt.endMs = this.clock.now();
        attempt.failed = fails;
        if (fails) throw new Fault("unavailable", "planned", { origin: "platform" });
        return { status: 200, headers: {}, cookies: [], body: "" };
      },
    };
  }
}

const QUICK = { tookMs: 10, fails: false };

async function warm(world: World, calls: number): Promise<void> {
  for (let call = 0; call < calls; call += 1) await world.call(read);
}

describe("a call that only reads", () => {
  it("is made a second time when it takes longer than usual; the first answer counts and both are billed", async () => {
    const world = new World();
    await warm(world, 60);
    const answers = [{ tookMs: 5_000, fails: false }, QUICK];
    world.answer = () => answers.shift() ?? QUICK;
    const before = world.clock.now();
    expect(await world.call(read, "slow")).toBe("answered");
    expect(world.clock.now() - before).toBeLessThan(100);
    const [slow, hedge] = world.attempts.filter(({ call }) => call === "slow");
    expect(slow?.endMs).toBe(Infinity);
    expect(hedge?.endMs).toBeLessThan(Infinity);
    await new Promise(setImmediate);
    const own = world.runs.slice(-2);
    expect(own.map(({ status }) => status).toSorted()).toEqual(["failed", "ok"]);
    expect(own.find(({ status }) => status === "ok")?.decision.reason).toBe("hedge");
    expect(own.find(({ status }) => status === "failed")?.fault).toMatch(/^cancelled/);
    for (const { costUsd } of own) expect(costUsd).toBeGreaterThan(0);
    expect(new Set(own.map(({ runtime }) => runtime)).size).toBe(2);
  });

  it("is hedged for one call in twenty at most, and not before its usual time is known", async () => {
    const world = new World();
    const random = seededRandom(3);
    world.answer = () => ({ tookMs: random.next() < 0.3 ? 900 : 5, fails: false });
    for (let call = 0; call < 40; call += 1) await world.call(read, `early-${call}`);
    expect(world.attempts).toHaveLength(40);
    world.answer = () => QUICK;
    await warm(world, 400);
    world.answer = () => ({ tookMs: random.next() < 0.3 ? 900 : 5, fails: false });
    for (let call = 0; call < 400; call += 1) await world.call(read, `late-${call}`);
    const hedged = world.attempts.length - 840;
    expect(hedged).toBeGreaterThan(0);
    expect(hedged).toBeLessThanOrEqual(0.05 * 840);
  });
});

/** Whether an attempt began while the one before it might still have its effect. */
function overlaps({ beganMs }: Attempt, index: number, attempts: readonly Attempt[]): boolean {
  const earlier = attempts[index - 1];
  return earlier !== undefined && !(earlier.failed && earlier.endMs <= beganMs);
}

it("makes no call twice that may have an effect, unless the first gave no answer", async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const world = new World();
    const doubled: string[] = [];
    await warm(world, 50);
    const random = seededRandom(seed);
    world.answer = () => ({
      tookMs: random.next() < 0.4 ? 2_000 : 5,
      fails: random.next() < 0.1,
    });
    const kinds = [read, write, unknown] as const;
    for (let call = 0; call < 60; call += 1) {
      const kind = Math.floor(random.next() * kinds.length);
      await world.call(kinds[kind] ?? unknown, `${kind}-${call}`);
    }
    for (const [name, attempts] of Map.groupBy(world.attempts, (one) => one.call)) {
      const isDoubled = name.startsWith("2-") && attempts.length > 1;
      if (isDoubled || (name.startsWith("1-") && attempts.some(overlaps))) doubled.push(name);
    }
    expect(doubled, `seed ${seed}`).toEqual([]);
  }
});

const limits = (softUsd: number, hardUsd: number) =>
  new Budgets(new Map([["default", { softUsd, hardUsd }]]));

describe("a tenant's budget", () => {
  const budgeted = { ...read, budgeted: true };

  it("refuses what could overdraw it before anything is sent, and says what to do", async () => {
    const world = new World({ budgets: limits(0, 1e-9) });
    expect(await world.call(budgeted)).toBe("resource_exhausted");
    expect(world.attempts).toEqual([]);
    await expect(world.fleet.calls.call(orders, input, budgeted)).rejects.toThrow(
      /raise it or wait/,
    );
    expect(() => world.fleet.calls.checkBudget(orders)).toThrow(/used up/);
    // A webhook is always taken.
    expect(await world.call(read)).toBe("answered");
  });

  it("holds the most of each attempt while it is under way, and nothing afterwards", async () => {
    const budgets = limits(1, 1);
    const world = new World({ budgets });
    const most = world.fleet.mostUsd(orders);
    const committed: number[] = [];
    const answers = [{ tookMs: 10, fails: true }, QUICK];
    world.answer = () => {
      committed.push(budgets.committedUsd("default"));
      return answers.shift() ?? QUICK;
    };
    expect(await world.call(budgeted)).toBe("answered");
    expect(committed).toEqual([most, most]);
    expect(budgets.committedUsd("default")).toBe(0);
  });

  it("pays for no second attempt at once when it is tight, and tells the caller", async () => {
    const budgets = limits(0.5, 1);
    const world = new World({ budgets });
    await warm(world, 60);
    expect(world.fleet.calls.tightBudget()).toBeUndefined();
    budgets.spend("default", 0.6);
    expect(world.fleet.calls.tightBudget()).toBe("tight; spent=0.600000; soft=0.5; hard=1");
    world.answer = () => ({ tookMs: 900, fails: false });
    await world.call(budgeted, "slow");
    expect(world.attempts.filter(({ call }) => call === "slow")).toHaveLength(1);
  });
});
