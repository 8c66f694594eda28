import { Fault } from "#shared/errors";
import { type FakeClock, seededRandom } from "#shared/testing";
import * as fc from "fast-check";
import { expect } from "vitest";
import { memoryState } from "../memory.ts";
import type { Rev } from "../rev.ts";
import { openStore } from "../store-ref.ts";
import type { TransactOp } from "../transact.ts";
import {
  type Bench,
  type BenchRule,
  conformanceStore,
  type Item,
  type Items,
  StandingClock,
} from "./bench.ts";

// Few ids, so that operations meet: each is hit several times in a sequence.
const id = fc.constantFrom("a", "aA", "é");
const ttlSeconds = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 3 });
/** What a write is based on: the row as last seen, an older state of it, or nothing. */
const base = fc.constantFrom("last", "last", "first", "any");

const write = fc.record({
  kind: fc.constantFrom("create", "put", "put", "delete"),
  id,
  count: fc.nat(9),
  ttlSeconds,
  base,
});
const step = fc.oneof(
  { weight: 6, arbitrary: write },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("update" as const), id, ttlSeconds }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("transact" as const),
      writes: fc.array(write, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      seconds: fc.integer({ min: 1, max: 2 }),
    }),
  },
);
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
/** The revisions of each row, oldest first. */
type Revs = Map<string, Rev[]>;

/** The same operations on the driver in question and on the model give the same answers. */
export function differentialRule(rule: BenchRule): void {
  rule(
    "S20",
    "any sequence of operations has the answers of the model, codes included",
    async (bench) => {
      let sequence = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async (steps) => {
          sequence += 1;
          const clock = new StandingClock(bench.clock.now());
          const real = await run(bench.open({ tenant: `s20-${sequence}`, clock }), clock, steps);
          expect(real).toEqual(await runModel(bench, steps));
        }),
        { numRuns: 25 },
      );
    },
  );
}

async function runModel(bench: Bench, steps: readonly Step[]): Promise<unknown[]> {
  const clock = new StandingClock(bench.clock.now());
  const ports = { state: memoryState(), clock, random: seededRandom(1) };
  const { signal } = new AbortController();
  const scope = { tenant: "model", traceparent: "", event: undefined, signal };
  return run(openStore(conformanceStore, ports, scope), clock, steps);
}

async function run(items: Items, clock: FakeClock, steps: readonly Step[]): Promise<unknown[]> {
  const revs: Revs = new Map();
  const seen: unknown[] = [];
  for (const one of steps) {
    if (one.kind === "wait") clock.advance(one.seconds * 1_000);
    else seen.push(await answer(items, one, revs));
  }
  const page = await items.list("shelf");
  return [...seen, page.items.map(({ value, expiresAtSeconds }) => ({ value, expiresAtSeconds }))];
}

// Revisions differ between two stores; what they stand for does not.
async function answer(
  items: Items,
  one: Exclude<Step, { kind: "wait" }>,
  revs: Revs,
): Promise<unknown> {
  try {
    if (one.kind === "update") return await update(items, one, revs);
    if (one.kind === "transact") return await transact(items, one.writes, revs);
    const result = await apply(items, one, revs);
    if ("rev" in result) remember(revs, one.id, result.rev);
    return result.ok ? { ok: true } : { ok: false, current: result.current?.value };
  } catch (error) {
    if (Fault.is(error)) return { code: error.code };
    throw error;
  }
}

function apply(items: Items, one: Write, revs: Revs): ReturnType<Items["put"] | Items["delete"]> {
  const ttl = one.ttlSeconds === undefined ? {} : { ttlSeconds: one.ttlSeconds };
  if (one.kind === "create") return items.create(valueOf(one), ttl);
  const ifRev = basedOn(one, revs);
  return one.kind === "delete"
    ? items.delete(valueOf(one), { ifRev })
    : items.put(valueOf(one), { ifRev, ...ttl });
}

async function update(
  items: Items,
  one: Extract<Step, { kind: "update" }>,
  revs: Revs,
): Promise<unknown> {
  const add = (now: Item | undefined): Item => ({ ...valueOf(one), count: (now?.count ?? 0) + 1 });
  const ttl = one.ttlSeconds === undefined ? {} : { ttlSeconds: one.ttlSeconds };
  const entry = await items.update({ shelf: "shelf", id: one.id }, add, ttl);
  if (entry !== undefined) remember(revs, one.id, entry.rev);
  return { value: entry?.value, expiresAtSeconds: entry?.expiresAtSeconds };
}

async function transact(items: Items, writes: readonly Write[], revs: Revs): Promise<unknown> {
  const ops = writes.map((one): TransactOp<Item, Pick<Item, "shelf" | "id">> => {
    const ttl = one.ttlSeconds === undefined ? {} : { ttlSeconds: one.ttlSeconds };
    if (one.kind === "delete")
      return { kind: "delete", key: valueOf(one), ifRev: basedOn(one, revs) };
    if (one.kind === "create") return { kind: "create", value: valueOf(one), ...ttl };
    return { kind: "put", value: valueOf(one), ifRev: basedOn(one, revs), ...ttl };
  });
  const result = await items.transact("shelf", ops);
  if (!result.ok) return result;
  for (const [index, rev] of result.revs.entries()) {
    if (rev !== undefined) remember(revs, writes[index]?.id ?? "", rev);
  }
  return { ok: true };
}

function valueOf(one: { readonly id: string; readonly count?: number }): Item {
  return { shelf: "shelf", id: one.id, count: one.count ?? 0, data: null };
}

function basedOn(one: Write, revs: Revs): Rev | "any" {
  const known = revs.get(one.id);
  const rev = one.base === "first" ? known?.at(0) : known?.at(-1);
  return one.base === "any" || rev === undefined ? "any" : rev;
}

function remember(revs: Revs, of: string, rev: Rev): void {
  revs.set(of, [...(revs.get(of) ?? []), rev]);
}
