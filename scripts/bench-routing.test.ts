import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { afterAll, describe, expect, it } from "vitest";

const command = fileURLToPath(new URL("../bench/routing/run.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "auterity-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

const Report = z.object({
  costUsd: z.number(),
  lowerBoundUsd: z.number(),
  distributionalOracleUsd: z.number(),
  sloViolations: z.number(),
  policies: z.record(
    z.string(),
    z.object({ costUsd: z.number(), sloViolations: z.number(), coldStarts: z.number() }),
  ),
  assumptions: z.record(z.string(), z.unknown()),
});

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
}

function report(...args: readonly string[]) {
  const { stdout, stderr, status } = run("--json", ...args);
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return Report.parse(JSON.parse(stdout));
}

/** A day of a few functions in the format of the trace. */
function writeTrace(functions: readonly { calls: number; ms: number }[], broken = ""): string {
  const trace = mkdtempSync(join(folder, "trace-"));
  const minutes = Array.from({ length: 1440 }, (_, minute) => minute + 1);
  const percentiles = [0, 1, 25, 50, 75, 99, 100];
  const tables = {
    inv: [
      `HashFunction,HashApp,${minutes.join(",")}`,
      ...functions.map(({ calls }, fn) => `f${fn},a${fn},${minutes.map(() => calls).join(",")}`),
    ],
    run: [
      `HashFunction,${percentiles.map((p) => `percentile_Average_${p}`).join(",")}`,
      ...functions.map(({ ms }, fn) => `f${fn},${percentiles.map(() => ms).join(",")}`),
    ],
    mem: ["HashApp,AverageAllocatedMb", ...functions.map((_, fn) => `a${fn},100`)],
  };
  for (const [part, lines] of Object.entries(tables)) {
    writeFileSync(join(trace, `x_${part}.csv`), lines.join("\n").replace(broken, ""));
  }
  return trace;
}

describe("bench:routing", () => {
  it("beats every static cloud on the small trace, stays above the bound, and says what it assumed", () => {
    const { policies, ...found } = report("--scale", "20k", "--plan", "flex", "--seed", "3");
    expect(found.costUsd).toBeGreaterThanOrEqual(found.lowerBoundUsd);
    for (const cloud of ["aws", "azure", "gcp"]) {
      const usd = policies[`static ${cloud}`]?.costUsd ?? 0;
      expect(usd).toBeGreaterThanOrEqual(found.lowerBoundUsd);
      expect(found.costUsd).toBeLessThanOrEqual(usd * 1.01 + 1e-6);
    }
    expect(Object.keys(found.assumptions)).toContain("unitsFreePerMonth");
  });

  it("gives the same report for the same seed, and items that add up to the cost", () => {
    const items = join(folder, "items.jsonl");
    const Item = z.object({ function: z.string(), arm: z.string(), costUsd: z.number() });
    const args = ["--scale", "10k", "--fault", "all", "--seed", "5"];
    const first = report(...args, "--items", items);
    expect(report(...args)).toMatchObject({ costUsd: first.costUsd, policies: first.policies });
    const lines = readFileSync(items, "utf8").trim().split("\n");
    const sum = lines.reduce((usd, line) => usd + Item.parse(JSON.parse(line)).costUsd, 0);
    expect(sum).toBeCloseTo(first.costUsd, 9);
  });

  it("takes a trace of one function", () => {
    const { costUsd, lowerBoundUsd } = report("--trace", writeTrace([{ calls: 3, ms: 2000 }]));
    expect(costUsd).toBeGreaterThanOrEqual(lowerBoundUsd);
  });

  it.each([
    ["an unknown option", ["--speed", "9"], /see --help/],
    ["a scale of nothing", ["--scale", "0"], /--scale/],
    ["another plan", ["--plan", "premium"], /--plan/],
    ["no such folder", ["--trace", "/nowhere"], /no such folder/],
    ["a trace without calls", ["--trace", writeTrace([{ calls: 0, ms: 5 }])], /no calls/],
    ["negative calls", ["--trace", writeTrace([{ calls: -1, ms: 5 }])], /number of 0 or more/],
    ["durations that are none", ["--trace", writeTrace([{ calls: 1, ms: Number.NaN }])], /"NaN"/],
    ["a missing column", ["--trace", writeTrace([{ calls: 1, ms: 5 }], "HashApp,")], /no column/],
    ["no such sheet", ["--prices", "/nowhere.json"], /nowhere/],
  ])("refuses %s with exit code 2 and a reason", (_title, args, reason) => {
    const { status, stderr, stdout } = run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(reason);
  });

  it.each<[title: string, edit: (sheet: Sheet) => void, reason: RegExp]>([
    ["a negative price", ({ aws }) => (aws.lambda.request_per_million = -0.2), /below 0/],
    ["a price that is zero", ({ gcp }) => (runOf(gcp).vcpu_s[1] = 0), /usdPerVcpuSecond .* is 0/],
    [
      "a price that is missing",
      ({ azure }) => drop(azure.functions_flex, "on_demand_gb_s"),
      /gb_s/,
    ],
    [
      "no number",
      ({ azure }) => Object.assign(azure.functions_flex, { on_demand_gb_s: "n/a" }),
      /gb_s/,
    ],
    [
      "10^6 times the price",
      ({ gcp }) => (runOf(gcp).gib_s[1] *= 1e6),
      /usdPerGbSecond .* is 2.5 by/,
    ],
    ["10^-6 times the price", ({ gcp }) => (runOf(gcp).gib_s[1] /= 1e6), /usdPerGbSecond/],
    [
      "a price per thousand",
      ({ aws }) => (aws.lambda.request_per_million /= 1000),
      /MillionRequests/,
    ],
    [
      "free egress",
      ({ aws }) => (aws.egress_internet_first_10tb["us-east-1"] = 0),
      /usdPerEgressGb/,
    ],
    [
      "a price of the other plan",
      ({ azure }) => (azure.functions_consumption.gb_s = 1),
      /GbSecond/,
    ],
    [
      "a grant of everything",
      ({ aws }) => (aws.lambda.free_month.gb_s = 1e12),
      /gbSeconds .* is 10+/,
    ],
  ])("refuses a sheet with %s, and names figure and file", (_title, edit, reason) => {
    const sheet = believableSheet();
    edit(sheet);
    const file = join(mkdtempSync(join(folder, "sheet-")), "prices.json");
    writeFileSync(file, JSON.stringify(sheet));
    const { status, stderr, stdout } = run("--prices", file);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(reason);
    expect(stderr).toContain(file);
  });

  it("takes a sheet that is believable", () => {
    const file = join(mkdtempSync(join(folder, "sheet-")), "prices.json");
    writeFileSync(file, JSON.stringify(believableSheet()));
    const { costUsd, lowerBoundUsd } = report("--prices", file, "--scale", "1k");
    expect(costUsd).toBeGreaterThanOrEqual(lowerBoundUsd);
  });
});

type Sheet = ReturnType<typeof believableSheet>;

const runOf = (gcp: Sheet["gcp"]) => gcp.cloud_run.request_based;

function drop(of: object, name: string): void {
  Reflect.deleteProperty(of, name);
}

/** A price sheet as the benchmark reads it, of list prices. */
function believableSheet() {
  return {
    compiled: "2026-11-21",
    aws: {
      lambda: {
        request_per_million: 0.2,
        tiers_gb_s: { arm: [{ usd: 0.0000133334 }] },
        rounding_ms: 1,
        min_ms: 1,
        memory_mb: { min: 128, max: 10_240, step: 1 },
        free_month: { requests: 1e6, gb_s: 400_000 },
      },
      egress_internet_first_10tb: { "us-east-1": 0.09 },
      egress_free_gb_month: 100,
    },
    azure: {
      functions_consumption: {
        gb_s: 0.000016,
        exec_per_million: 0.2,
        rounding_ms: 1,
        min_ms: 100,
        memory_round_mb: 128,
        memory_min_mb: 128,
        memory_max_mb: 1536,
        free_month: { executions: 1e6, gb_s: 400_000 },
      },
      functions_flex: {
        on_demand_gb_s: 0.000026,
        exec_per_million: 0.4,
        min_ms: 1000,
        rounding_ms: 100,
        instance_mb: [512, 2048, 4096],
        free_month: { executions: 250_000, gb_s: 100_000 },
      },
      egress_internet: { zone1_na_eu: [{ usd: 0.087 }] },
    },
    gcp: {
      cloud_run: {
        request_based: {
          vcpu_s: { 1: 0.000024 },
          gib_s: { 1: 0.0000025 },
          request_per_million: 0.4,
          rounding_ms: 100,
          free_month: { requests: 2e6, vcpu_s: 180_000, gib_s: 360_000, egress_gb_na: 1 },
        },
        fn_memory_to_vcpu_default: { 128: 0.083, 512: 0.333, 1024: 0.583, 2048: 1, 4096: 2 },
      },
      egress_internet: { premium: [{ usd: 0.12 }] },
    },
  };
}
