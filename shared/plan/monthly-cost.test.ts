import type { Grant, PriceBook } from "#shared/routing";
import { describe, expect, it } from "vitest";
import { monthlyCost } from "./monthly-cost.ts";

const source = "https://example.com/prices";
const book: PriceBook = {
  plan: "round numbers",
  usdPerMillionRequests: 1,
  usdPerGbSecond: 0.001,
  usdPerVcpuSecond: 0.01,
  minBilledMs: 100,
  billingStepMs: 100,
  usdPerEgressGb: 0.1,
  minMemoryMb: 128,
  maxMemoryMb: 4096,
  memoryStepMb: 128,
  memorySizesMb: [],
  vcpuByMemory: [{ memoryMb: 4096, vcpu: 0.5 }],
  grant: { requests: 0, gbSeconds: 0, vcpuSeconds: 0, egressGb: 0 },
  grantWeight: 1,
  effectiveFrom: "2026-11-21",
  sources: {
    usdPerMillionRequests: source,
    usdPerGbSecond: source,
    usdPerVcpuSecond: source,
    minBilledMs: source,
    billingStepMs: source,
    usdPerEgressGb: source,
    minMemoryMb: source,
    maxMemoryMb: source,
    memoryStepMb: source,
    grant: source,
  },
};
const load = { name: "one", calls: 1_000_000, durationMs: 250, memoryMb: 1024 };
const nothingFree = { requests: 0, gbSeconds: 0, vcpuSeconds: 0, egressGb: 0 };
const free = (grant: Partial<Grant>): PriceBook => ({
  ...book,
  grant: { ...nothingFree, ...grant },
});

describe("the monthly cost", () => {
  it("is requests, memory and processor time in billed steps", () => {
    // 300 ms billed: 1 + 300,000 GB-s at 0.001 + 150,000 vCPU-s at 0.01
    expect(monthlyCost(book, [load])).toMatchObject({ listUsd: 1801, usd: 1801 });
  });

  it("takes each grant off its own units and no others", () => {
    const cost = (grant: Partial<Grant>) => monthlyCost(free(grant), [load]).usd;
    expect(cost({ requests: 400_000 })).toBe(1800.6);
    expect(cost({ gbSeconds: 100_000 })).toBe(1701);
    expect(cost({ vcpuSeconds: 1e9 })).toBe(301);
    expect(monthlyCost(free({ requests: 1e9, gbSeconds: 1e9, vcpuSeconds: 1e9 }), [load]).usd).toBe(
      0,
    );
  });

  it("shares the bill between functions as their list prices are", () => {
    const loads = [
      load,
      { ...load, name: "two", calls: 3_000_000 },
      { ...load, name: "idle", calls: 0 },
    ];
    const { functions, usd } = monthlyCost(free({ vcpuSeconds: 200_000 }), loads);
    expect(usd).toBe(5204);
    expect(functions.map(({ name, usd: own }) => [name, own])).toEqual([
      ["one", 1301],
      ["two", 3903],
      ["idle", 0],
    ]);
  });

  it("is nothing where nothing is called", () => {
    expect(monthlyCost(book, [])).toMatchObject({ listUsd: 0, usd: 0 });
  });
});
