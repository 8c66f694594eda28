import * as fc from "fast-check";
import { expect } from "vitest";
import { type Bench, type BenchRule, conformanceStore, type Items } from "./bench.ts";
import { memoryState } from "../memory.ts";
import { openStore } from "../store-ref.ts";
import type { Rev } from "../rev.ts";
import { FakeClock, seededRandom } from "#shared/testing";

const ids = ["a", "a:", "aA", "é"] as const;

const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom("create", "any", "rev", "stale", "delete"),
    id: fc.constantFrom(...ids),
    count: fc.nat(9),
    ttlSeconds: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 2 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The same operations on the driver in question and on the model give the same answers. */
export function differentialRule(rule: BenchRule): void {
  rule("S20", "any sequence of operations has the answers of the model", async (bench) => {
    let sequence = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        sequence += 1;
        const clock = new FakeClock(bench.clock.now());
        const tenant = `differential-${process.pid}-${sequence}-${clock.now()}`;
        const real = await run(bench.open({ tenant, clock }), clock, steps);
        expect(real).toEqual(await runModel(bench, steps));
      }),
      { numRuns: 25 },
    );
  });
}

async function runModel(bench: Bench, steps: readonly Step[]): Promise<unknown[]> {
  const clock = new FakeClock(bench.clock.now());
  const ports = { state: memoryState(), clock, random: seededRandom(1) };
  const { signal } = new AbortController();
  const scope = { tenant: "model", traceparent: "", event: undefined, signal };
  return run(openStore(conformanceStore, ports, scope), clock, steps);
}

async function run(items: Items, clock: FakeClock, steps: readonly Step[]): Promise<unknown[]> {
  const revs: Rev[] = [];
  const seen: unknown[] = [];
  for (const one of steps) {
    if (one.kind === "wait") clock.advance(one.seconds * 1_000);
    else seen.push(comparable(await apply(items, one, revs), revs));
  }
  const page = await items.list("shelf");
  return [...seen, page.items.map(({ value }) => value)];
}

async function apply(
  items: Items,
  one: Exclude<Step, { kind: "wait" }>,
  revs: readonly Rev[],
): Promise<{ ok: boolean; rev?: Rev; current?: { value: unknown } | undefined }> {
  const value = { shelf: "shelf", id: one.id, count: one.count, data: null };
  const ttl = one.ttlSeconds === undefined ? {} : { ttlSeconds: one.ttlSeconds };
  if (one.kind === "create") return items.create(value, ttl);
  const rev = one.kind === "stale" ? revs.at(0) : revs.at(-1);
  const ifRev = one.kind === "any" || rev === undefined ? "any" : rev;
  return one.kind === "delete"
    ? items.delete(value, { ifRev })
    : items.put(value, { ifRev, ...ttl });
}

// Revisions differ between two stores; what they stand for does not.
function comparable(result: Awaited<ReturnType<typeof apply>>, revs: Rev[]): unknown {
  if (result.rev !== undefined) revs.push(result.rev);
  return result.ok ? { ok: true } : { ok: false, current: result.current?.value };
}
