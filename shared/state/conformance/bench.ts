import type { Random } from "#shared/function";
import { faultyState, PlannedFaults } from "#shared/faults";
import { type AddRule, FakeClock, seededRandom } from "#shared/testing";
import * as z from "zod";
import type { StateDriver } from "../driver.ts";
import type { Rev } from "../rev.ts";
import type { Store, WriteResult } from "../store.ts";
import { openStore, store } from "../store-ref.ts";

export const Item = z.object({
  shelf: z.string(),
  id: z.string(),
  count: z.number().optional(),
  text: z.string().optional(),
  data: z.unknown(),
});
export type Item = z.output<typeof Item>;
export type Items = Store<Item, Pick<Item, "shelf" | "id">>;

/** The one store of the suite, for harnesses that must make it before it is used. */
export const conformanceStore = store("conformance-items", {
  schema: Item,
  partition: "shelf",
  sort: "id",
  ttl: true,
});

/** What a rule works with: a store over the driver in question, under a tenant of its own. */
export type Bench = {
  readonly driver: StateDriver;
  /** What goes wrong next. */
  readonly faults: PlannedFaults;
  /** How many calls reached the driver. */
  readonly calls: ReturnType<typeof faultyState>["calls"];
  readonly clock: FakeClock;
  readonly items: Items;
  /** The same store for others. A driver or clock of its own is a process of its own. */
  readonly open: (other?: {
    /** Is another tenant in every rule. */
    readonly tenant?: string | undefined;
    readonly clock?: FakeClock;
    readonly random?: Random;
    readonly signal?: AbortSignal;
    readonly driver?: StateDriver;
  }) => Items;
};

/** Adds a rule that gets a fresh bench. */
export type BenchRule = (
  id: string,
  title: string,
  run: (bench: Bench) => Promise<void>,
  options?: { readonly timeoutSeconds?: number },
) => void;

let benches = 0;

/** Turns rules about a store into rules of a suite; closes the driver after each. */
export function benchRules(
  rule: AddRule,
  open: () => Promise<StateDriver>,
  newClock: () => FakeClock = () => new FakeClock(),
): BenchRule {
  return (id, title, run, options) => {
    const onBench = async (): Promise<void> => {
      const driver = await open();
      try {
        await run(benchOf(driver, newClock()));
      } finally {
        await driver.close();
      }
    };
    rule(id, title, onBench, options);
  };
}

/** A clock that waiting does not move, for rules that count on its seconds whatever is repeated. */
export class StandingClock extends FakeClock {
  override sleep(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

function benchOf(driver: StateDriver, clock: FakeClock): Bench {
  const faults = new PlannedFaults();
  const { driver: faulty, calls } = faultyState(driver, faults);
  // Ids that repeat would let one rule meet the rows of another where the store outlives the rule.
  benches += 1;
  const own = `tenant-${process.pid}-${benches}`;
  let opened = 0;
  const openAs: Bench["open"] = (other = {}) => {
    opened += 1;
    // Another process must not share the hybrid clock.
    const state = other.driver ?? (other.clock === undefined ? faulty : new Proxy(faulty, {}));
    const random = other.random ?? seededRandom(opened);
    const ports = { state, clock: other.clock ?? clock, random };
    return openStore(conformanceStore, ports, {
      tenant: other.tenant === undefined ? own : `${own}-${other.tenant}`,
      traceparent: "",
      event: undefined,
      signal: other.signal ?? new AbortController().signal,
    });
  };
  return { driver: faulty, faults, calls, clock, items: openAs(), open: openAs };
}

/** The revision of a write that must have happened. */
export function revOf(result: WriteResult<Item>): Rev {
  if (result.ok) return result.rev;
  throw new Error("the write met another row");
}
