import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costUsd, type PriceBook } from "./price-book.ts";

const source = "https://prices.example";
const book: PriceBook = {
  plan: "made up",
  usdPerMillionRequests: 0.4,
  usdPerGbSecond: 2,
  usdPerVcpuSecond: 10,
  minBilledMs: 200,
  billingStepMs: 100,
  minMemoryMb: 256,
  memoryStepMb: 128,
  vcpuByMemory: [
    { memoryMb: 512, vcpu: 0.5 },
    { memoryMb: 1024, vcpu: 1 },
  ],
  effectiveFrom: "2026-11-21",
  sources: {
    usdPerMillionRequests: source,
    usdPerGbSecond: source,
    usdPerVcpuSecond: source,
    minBilledMs: source,
    billingStepMs: source,
    minMemoryMb: source,
    memoryStepMb: source,
  },
};

describe("costUsd", () => {
  it("bills request, memory and CPU time", () => {
    expect(costUsd(book, { durationMs: 1000, memoryMb: 1024 })).toBeCloseTo(0.4e-6 + 2 + 10, 12);
  });

  it("rounds time up to the step and to the minimum", () => {
    const at = (durationMs: number): number => costUsd(book, { durationMs, memoryMb: 512 });
    expect(at(0)).toBe(at(200));
    expect(at(201)).toBe(at(300));
    expect(at(301)).toBeGreaterThan(at(300));
  });

  it("rounds memory up to the step and to the minimum", () => {
    const at = (memoryMb: number): number => costUsd(book, { durationMs: 1000, memoryMb });
    expect(at(1)).toBe(at(256));
    expect(at(257)).toBe(at(384));
  });

  it("takes the CPU of the next larger memory size, and of the largest beyond the table", () => {
    const cpu = (memoryMb: number): number =>
      costUsd(
        { ...book, usdPerGbSecond: 0, usdPerMillionRequests: 0 },
        { durationMs: 1000, memoryMb },
      ) / book.usdPerVcpuSecond;
    expect(cpu(512)).toBe(0.5);
    expect(cpu(640)).toBe(1);
    expect(cpu(4096)).toBe(1);
  });

  it("never falls when a call takes longer or more memory", () => {
    const usage = fc.record({
      durationMs: fc.nat(900_000),
      memoryMb: fc.integer({ min: 1, max: 10_240 }),
    });
    fc.assert(
      fc.property(usage, fc.nat(1000), fc.nat(1024), ({ durationMs, memoryMb }, time, memory) => {
        const more = { durationMs: durationMs + time, memoryMb: memoryMb + memory };
        expect(costUsd(book, more)).toBeGreaterThanOrEqual(costUsd(book, { durationMs, memoryMb }));
      }),
    );
  });
});
