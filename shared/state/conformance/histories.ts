import { faultyState, type FaultRates, seededFaults } from "#shared/faults";
import type { Random } from "#shared/function";
import { History, register } from "#shared/linearizability";
import { FakeClock, seededRandom } from "#shared/testing";
import { expect } from "vitest";
import { type Bench, type BenchRule, type Item, type Items } from "./bench.ts";
import { attempted, RecordedClient, type RowHistory } from "./recorded-clients.ts";

const at = { shelf: "a", id: "n" };
const add = (now: Item | undefined): Item => ({ ...at, count: (now?.count ?? 0) + 1, data: null });

/** How many seeds run side by side: an engine on the wire is faster so. */
const SEEDS_AT_ONCE = 16;
const RESETS: FaultRates = { throttled: 0.05, resetBefore: 0.1, resetAfter: 0.25, late: 0.1 };
const NETWORK: FaultRates = {
  latencyMs: 20,
  throttled: 0.05,
  resetBefore: 0.03,
  resetAfter: 0.05,
  late: 0.03,
};
const [CLIENTS, KEYS, OPERATIONS] = [6, 4, 240];

/** What many clients at once are told, over a network that breaks. */
export function historyRules(rule: BenchRule, seeds: number): void {
  rule(
    "S28",
    `a connection reset neither doubles nor loses a write, over ${seeds} seeds`,
    async (bench) => {
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < seeds) {
          next += 1;
          await (next % 2 === 0 ? countUnderResets(bench, next) : recordUnderResets(bench, next));
        }
      };
      await Promise.all(Array.from({ length: SEEDS_AT_ONCE }, worker));
    },
    { timeoutSeconds: 600 },
  );

  rule(
    "S29",
    "what concurrent clients see could have happened one after the other",
    async (bench) => {
      const random = seededRandom(29);
      const history: RowHistory = new History();
      const stores = network(bench, { random, rates: NETWORK, tenant: "s29" });
      const clients = names(CLIENTS).map(
        (name) => new RecordedClient(name, stores.open(), history),
      );
      const ids = names(KEYS);
      const work = clients.map(async (client) => {
        for (let step = 0; step < OPERATIONS / CLIENTS; step += 1) {
          await client.act(ids[Math.floor(random.next() * KEYS)] ?? "", random);
        }
      });
      await Promise.all(work);
      await stores.arrive();
      const last = new RecordedClient("last", bench.open({ tenant: "s29" }), history);
      for (const id of ids) await last.read(id);
      expect(history.violations(register)).toEqual([]);
    },
    { timeoutSeconds: 120 },
  );
}

type Network = {
  readonly random: Pick<Random, "next">;
  readonly rates: FaultRates;
  readonly tenant: string;
};

/** Stores behind one network that breaks, each as a process of its own. */
function network(
  bench: Bench,
  { random, rates, tenant }: Network,
): { open(): Items; arrive(): Promise<void> } {
  const source = seededFaults({ random, rates, clock: new FakeClock() });
  const injected = faultyState(bench.driver, source);
  return {
    open: () => bench.open({ tenant, driver: new Proxy(injected.driver, {}) }),
    arrive: () => injected.arrive(),
  };
}

/** Two clients count on one row, in transactions that leave a mark each and without. */
async function countUnderResets(bench: Bench, seed: number): Promise<void> {
  const tenant = `s28-${seed}`;
  const random = seededRandom(seed);
  const stores = network(bench, { random, rates: RESETS, tenant });
  const told = { done: 0, unknown: 0 };
  const marks = { done: 0, unknown: 0 };
  const client = async (name: string): Promise<void> => {
    const items = stores.open();
    const isMarked = random.next() < 0.5;
    const adding: Promise<unknown> = isMarked
      ? addMarked(items, name)
      : items.update(at, add, { maxAttempts: 50 });
    const result = await attempted(adding);
    if (result === "not-done") return;
    (isMarked ? marks : told)[result === "unknown" ? "unknown" : "done"] += 1;
  };
  await Promise.all([client("x"), client("y")]);
  await stores.arrive();
  const { items } = await bench.open({ tenant }).list("a");
  const count = items.find(({ value }) => value.id === at.id)?.value.count ?? 0;
  const marked = items.filter(({ value }) => value.id !== at.id).length;
  expect({ seed, marked: within(marked, marks), counted: within(count - marked, told) }).toEqual({
    seed,
    marked: true,
    counted: true,
  });
}

/** Two clients do a few things to one row that did not exist. */
async function recordUnderResets(bench: Bench, seed: number): Promise<void> {
  const tenant = `s28-${seed}`;
  const random = seededRandom(seed);
  const stores = network(bench, { random, rates: RESETS, tenant });
  const history: RowHistory = new History();
  const client = async (name: string): Promise<void> => {
    const recorded = new RecordedClient(name, stores.open(), history);
    await recorded.create(at.id);
    await recorded.read(at.id);
    await recorded.act(at.id, random);
  };
  await Promise.all([client("x"), client("y")]);
  await stores.arrive();
  await new RecordedClient("last", bench.open({ tenant }), history).read(at.id);
  expect({ seed, violations: history.violations(register) }).toEqual({ seed, violations: [] });
}

/** Counts one more, and leaves a row that tells of it, or does neither. */
async function addMarked(items: Items, name: string): Promise<void> {
  for (;;) {
    const entry = await items.get(at);
    const value = add(entry?.value);
    const { ok } = await items.transact(at.shelf, [
      entry === undefined ? { kind: "create", value } : { kind: "put", value, ifRev: entry.rev },
      { kind: "create", value: { ...at, id: `by-${name}`, data: null } },
    ]);
    if (ok) return;
  }
}

function within(count: number, { done, unknown }: { done: number; unknown: number }): boolean {
  return count >= done && count <= done + unknown;
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String.fromCharCode(97 + index));
}
