import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import type { Run } from "#shared/console";
import { encodeLines } from "#shared/metering";
import { OPERATIONS } from "#shared/operations";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import awsAdapter from "../../aws/adapter.ts";
import { type Engine, openEngine } from "../engine/engine.ts";
import { costReport } from "./costs.ts";
import { decodeLines } from "./decode-lines.ts";
import { grantUse } from "./grant-use.ts";
import { LiveFeed } from "./live.ts";
import { RunBook, type RunStart } from "./run-book.ts";

const start: RunStart = {
  id: "",
  tenant: "default",
  function: { name: "f", trigger: "http" },
  operation: "GET /",
  decision: { runtime: "aws", reason: "cheapest" },
  traceparent: "",
  event: null,
};
const line = fc.record({
  kind: fc.constantFrom(...OPERATIONS),
  product: fc.constantFrom("dynamodb", "sqs"),
  units: fc.integer({ min: 1, max: 1e6 }),
  picoUsd: fc.integer({ min: 0, max: 1e14 }),
});

let folder: string;
let engine: Engine;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "auterity-costs-"));
  engine = openEngine({ path: join(folder, "auterity.db"), clock: Date });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("what a month cost", () => {
  it("is what its receipts add up to, exactly, in total and in every list", async () => {
    const runs: Run[] = [];
    const book = new RunBook(
      {
        recordRun(run) {
          runs.push(run);
          engine.recordRun(run);
        },
      },
      new LiveFeed(),
      Date,
    );
    const call = fc.record({
      tenant: fc.constantFrom("default", "acme"),
      runtime: fc.constantFrom("aws", "azure"),
      name: fc.constantFrom("f", "g"),
      egressBytes: fc.integer({ min: 0, max: 1e7 }),
      lines: fc.array(line, { maxLength: 4 }),
    });
    for (const [index, one] of fc.sample(call, 300).entries()) {
      const { tenant, runtime, name, egressBytes, lines } = one;
      const decision = { runtime, reason: "cheapest" as const };
      const fn = { name, trigger: "http" as const };
      const run = book.begin({ ...start, id: `run-${index}`, tenant, decision, function: fn });
      book.end(run, {}, { prices: awsAdapter.price, memoryMb: 256, egressBytes, lines });
    }
    await vi.waitFor(() => expect(engine.run("run-299")).toBeDefined());
    const month = new Date().toISOString().slice(0, 7);
    const report = costReport(month, engine.costs(month), new Map(), Date.now());
    const whole = runs
      .flatMap(({ receipt }) => receipt.lines)
      .reduce((sum, { picoUsd }) => sum + BigInt(picoUsd), 0n);
    expect(report.total.picoUsd).toBe(whole.toString());
    const shown = runs.reduce((sum, { costUsd }) => sum + costUsd, 0);
    expect(report.total.usd.toFixed(2)).toBe(shown.toFixed(2));
    for (const list of [report.tenants, report.runtimes, report.functions, report.lines]) {
      expect(list.reduce((sum, { picoUsd }) => sum + BigInt(picoUsd), 0n)).toBe(whole);
    }
    expect(report.total.calls).toBe(300);
    for (const run of runs) expect(engine.run(run.id)?.costUsd).toBe(run.costUsd);
  });
});

describe("the lines of a receipt as text", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        expect(decodeLines(encodeLines(lines))).toEqual(lines);
      }),
    );
    const estimated = [{ kind: "stateRead" as const, product: "p", units: 1, picoUsd: 2 }].map(
      (one) => Object.assign(one, { estimated: true as const }),
    );
    expect(decodeLines(encodeLines(estimated))).toEqual(estimated);
  });

  it("are nothing where they make no sense", () => {
    for (const text of ["", "{}", '[["rent","p",1,1,0]]', '[["stateRead","p",-1,1,0]]']) {
      expect(decodeLines(text)).toBeUndefined();
    }
  });
});

describe("the use of the grants", () => {
  const { price: prices, operations } = awsAdapter;
  const row = { month: "2026-11", tenant: "t", runtime: "aws", function: "f", product: "p" };
  const rows = [
    { ...row, kind: "requests" as const, units: 250_000, picoUsd: 0n, estimated: false },
    { ...row, kind: "queueSend" as const, units: 300_000, picoUsd: 0n, estimated: false },
    { ...row, kind: "queueDelete" as const, units: 200_000, picoUsd: 0n, estimated: false },
  ];
  const use = (nowMs: number) =>
    grantUse("2026-11", { runtime: "aws", granting: { prices, operations } }, rows, nowMs);

  it("is told by share, and by what it will be at the month's end", () => {
    const third = use(Date.UTC(2026, 10, 11));
    expect(third.find(({ grant }) => grant === "requests")).toEqual({
      runtime: "aws",
      grant: "requests",
      used: 250_000,
      granted: 1_000_000,
      share: 0.25,
      projected: 750_000,
    });
    // What shares a grant is added up.
    expect(third.find(({ grant }) => grant === "sqsRequests")?.used).toBe(500_000);
    expect(third.some(({ grant }) => grant === "vcpuSeconds")).toBe(false);
  });

  it("grows no more when the month is over, and is not told from its first minute", () => {
    const after = use(Date.UTC(2027, 0, 1));
    expect(after.every(({ used, projected }) => used === projected)).toBe(true);
    const first = use(Date.UTC(2026, 10, 1));
    expect(first[0]?.projected).toBe(250_000 * 30 * 24);
  });
});
