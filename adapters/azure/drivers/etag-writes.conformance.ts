import type { StateDriver, StateKey, StateRow, StateWrite } from "#shared/state";
import { conformanceSuite, type Exceptions } from "#shared/testing";
import { expect } from "vitest";
import { conformanceStore } from "../../../shared/state/conformance/bench.ts";

type Bench = {
  readonly driver: StateDriver;
  keyOf(sort: string): StateKey;
  /** Writes a row and gives its handle. */
  seed(sort: string, expiresAtSeconds?: number | null): Promise<string>;
  rows(): Promise<readonly StateRow[]>;
};

let benches = 0;

/** What conditional writes over etags add to the state suite: conditions of deletes, and handles that are no etags. */
export function etagConformance(
  name: string,
  harness: {
    readonly engine: string;
    readonly open: () => Promise<StateDriver>;
    readonly except?: Exceptions;
  },
): void {
  const subject = { port: "state by etag", driver: name, engine: harness.engine };
  conformanceSuite(subject, harness.except ?? {}, (add) => {
    const rule = (id: string, title: string, run: (bench: Bench) => Promise<void>): void => {
      add(id, title, async () => {
        const driver = await harness.open();
        try {
          await run(benchOf(driver));
        } finally {
          await driver.close();
        }
      });
    };
    deleteRules(rule);
    handleRules(rule);
  });
}

type Rule = (id: string, title: string, run: (bench: Bench) => Promise<void>) => void;

function deleteRules(rule: Rule): void {
  rule("E01", "a transaction deletes by handle, what is gone too", async (bench) => {
    const [kept, gone] = [await bench.seed("kept"), await bench.seed("gone")];
    const result = await bench.driver.transact(
      [
        { kind: "delete", key: bench.keyOf("gone"), condition: { kind: "handle", handle: gone } },
        put(bench.keyOf("kept"), { kind: "handle", handle: kept }),
        { kind: "delete", key: bench.keyOf("never"), condition: { kind: "any" } },
      ],
      undefined,
    );
    expect(result).toMatchObject({ ok: true, handles: ["", expect.any(String), ""] });
    expect((await bench.rows()).map(({ key }) => key.sort)).toEqual(["kept"]);
  });

  rule("E02", "a delete by a stale handle fails its transaction", async (bench) => {
    const [stale, other] = [await bench.seed("row"), await bench.seed("other")];
    await bench.seed("row");
    const result = await bench.driver.transact(
      [
        put(bench.keyOf("new"), { kind: "any" }),
        { kind: "delete", key: bench.keyOf("other"), condition: { kind: "handle", handle: other } },
        { kind: "delete", key: bench.keyOf("row"), condition: { kind: "handle", handle: stale } },
      ],
      undefined,
    );
    expect(result).toEqual({ ok: false, failedAt: 2 });
    expect((await bench.rows()).map(({ key }) => key.sort)).toEqual(["other", "row"]);
  });

  rule("E03", "a delete of what should be absent spares a live row", async (bench) => {
    await bench.seed("live", 11);
    await bench.seed("expired", 10);
    const drop = (sort: string): ReturnType<StateDriver["write"]> =>
      bench.driver.write(
        { kind: "delete", key: bench.keyOf(sort), condition: { kind: "absent", nowSeconds: 10 } },
        undefined,
      );
    expect(await drop("live")).toMatchObject({ ok: false, current: { expiresAtSeconds: 11 } });
    expect(await drop("expired")).toMatchObject({ ok: true });
    expect(await drop("never")).toMatchObject({ ok: true });
    expect((await bench.rows()).map(({ key }) => key.sort)).toEqual(["live"]);
  });
}

function handleRules(rule: Rule): void {
  rule("E04", "a handle that is no etag matches no row", async (bench) => {
    await bench.seed("row");
    const condition = { kind: "handle", handle: "019b76daa800-0000-a00087fb" } as const;
    const key = bench.keyOf("row");
    const writing = bench.driver.write(put(key, condition), undefined);
    expect(await writing).toMatchObject({ ok: false, current: { key } });
    const deleting = bench.driver.write({ kind: "delete", key, condition }, undefined);
    expect(await deleting).toMatchObject({ ok: false, current: { key } });
  });

  rule("E05", "a store that was never made is an error, not an absent row", async (bench) => {
    const key = { ...bench.keyOf("row"), store: "never-made" };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => bench.driver.read(key, undefined),
      () => bench.driver.write(put(key, { kind: "any" }), undefined),
      () => bench.driver.write(put(key, { kind: "handle", handle: 'W/"x"' }), undefined),
    ];
    for (const call of calls) {
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(bench.driver.codeOf(error)).toBe("not_found");
    }
  });

  rule("E06", "an ended invocation writes nothing", async (bench) => {
    const signal = AbortSignal.abort(new Error("over"));
    const writing = bench.driver.write(put(bench.keyOf("row"), { kind: "any" }), signal);
    await expect(writing).rejects.toBeDefined();
    expect(await bench.rows()).toEqual([]);
  });
}

function benchOf(driver: StateDriver): Bench {
  benches += 1;
  const at = { store: conformanceStore.name, partition: `etag-${process.pid}-${benches}` };
  const keyOf = (sort: string): StateKey => ({ ...at, sort });
  const range = { ...at, from: "", to: undefined, limit: 99, descending: false, after: undefined };
  return {
    driver,
    keyOf,
    async seed(sort, expiresAtSeconds = null) {
      const write = put(keyOf(sort), { kind: "any" });
      const result = await driver.write({ ...write, expiresAtSeconds }, undefined);
      if (!result.ok) throw new Error("the seed met another row");
      return result.handle;
    },
    rows: () => driver.list(range, undefined),
  };
}

function put(
  key: StateKey,
  condition: StateWrite["condition"],
): Extract<StateWrite, { kind: "put" }> {
  return { kind: "put", key, data: '{"a":"é"}', rev: "1", expiresAtSeconds: null, condition };
}
