import type { Clock } from "#shared/function";
import { type AddRule, seededRandom } from "#shared/testing";
import type { ModelDriver } from "../driver.ts";
import { Models } from "../models.ts";
import type { Task } from "../offer.ts";
import type { VendorFake, VendorFault } from "./vendor.ts";

export type ModelHarness<D extends ModelDriver> = {
  /** A driver, called once per rule. */
  readonly open: () => Promise<D>;
  /** A driver of a vendor that cannot be reached. */
  readonly unreachable: () => Promise<D>;
  /** A driver whose credentials the vendor does not know. */
  readonly unknown: () => Promise<D>;
  /** What stands behind the driver, where anything does. */
  readonly vendor: VendorFake | undefined;
};

/** What a rule works with. */
export type Bench = {
  readonly driver: ModelDriver;
  /** The vendor, or nothing that can be told to fail. */
  readonly vendor: Pick<VendorFake, "requests" | "abandoned">;
  /** Plans what goes wrong next; throws where there is nothing that could. */
  readonly plan: (...faults: readonly VendorFault[]) => void;
  readonly harness: ModelHarness<ModelDriver>;
  /** How long was waited between attempts, in order. */
  readonly waits: readonly number[];
  readonly nowMs: number;
  readonly open: (
    task: Task,
    other?: { readonly driver?: ModelDriver; readonly signal?: AbortSignal },
  ) => Models;
};

/** Adds a rule that gets a fresh bench. */
export type BenchRule = (id: string, title: string, run: (bench: Bench) => Promise<void>) => void;

const NOW_MS = Date.UTC(2026, 10, 21, 12, 0, 0);

/** Turns rules about models into rules of a suite; closes the driver after each. */
export function benchRules<D extends ModelDriver>(
  rule: AddRule,
  harness: ModelHarness<D>,
  wrap: (driver: D) => D,
): BenchRule {
  return (id, title, run) => {
    rule(id, title, async () => {
      const driver = wrap(await harness.open());
      try {
        const { unreachable, unknown } = harness;
        await run(
          benchOf(driver, {
            ...harness,
            unreachable: async () => wrap(await unreachable()),
            unknown: async () => wrap(await unknown()),
          }),
        );
      } finally {
        await driver.close();
      }
    });
  };
}

function benchOf<D extends ModelDriver>(driver: D, harness: ModelHarness<D>): Bench {
  const waits: number[] = [];
  // Connections are real and do not wait for a clock of ours; what is waited between attempts is only written down.
  const clock: Clock = {
    now: () => NOW_MS,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      waits.push(milliseconds);
    },
  };
  const { vendor } = harness;
  const before = { requests: vendor?.requests() ?? 0, abandoned: vendor?.abandoned() ?? 0 };
  return {
    driver,
    harness,
    waits,
    nowMs: NOW_MS,
    vendor: {
      requests: () => (vendor?.requests() ?? 0) - before.requests,
      abandoned: () => (vendor?.abandoned() ?? 0) - before.abandoned,
    },
    plan(...faults) {
      if (vendor === undefined) throw new Error("nothing stands behind this driver");
      vendor.plan(...faults);
    },
    open: (task, other = {}) => {
      const models = async (): Promise<ModelDriver> => other.driver ?? driver;
      const signal = other.signal ?? new AbortController().signal;
      const scope = { tenant: "acme", traceparent: "", event: undefined, signal };
      const shape = { task, quality: 0.1, cacheShare: 0 };
      return new Models(shape, { models, clock, random: seededRandom(1) }, scope);
    },
  };
}

/** What was thrown; throws where nothing was. */
export async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol("nothing");
  const thrown: unknown = await work.then(
    () => nothing,
    (error: unknown) => error,
  );
  if (thrown === nothing) throw new Error("nothing was thrown");
  return thrown;
}
