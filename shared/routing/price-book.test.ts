import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { billedMemoryMb, costUsd, type PriceBook } from "./price-book.ts";
import { book as sample } from "./sample.conformance.ts";

const book: PriceBook = {
  ...sample,
  usdPerGbSecond: 2,
  usdPerVcpuSecond: 10,
  minBilledMs: 200,
  minMemoryMb: 256,
  memoryStepMb: 128,
};

const lasting = (durationMs: number): number => costUsd(book, { durationMs, memoryMb: 512 });
const holding = (memoryMb: number): number => costUsd(book, { durationMs: 1000, memoryMb });
const cpuOnly: PriceBook = { ...book, usdPerGbSecond: 0, usdPerMillionRequests: 0 };
const vcpu = (memoryMb: number): number =>
  costUsd(cpuOnly, { durationMs: 1000, memoryMb }) / book.usdPerVcpuSecond;

describe("costUsd", () => {
  it("bills request, memory and CPU time", () => {
    expect(costUsd(book, { durationMs: 1000, memoryMb: 1024 })).toBeCloseTo(0.4e-6 + 2 + 10, 12);
  });

  it("rounds time up to the step and to the minimum", () => {
    expect(lasting(0)).toBe(lasting(200));
    expect(lasting(201)).toBe(lasting(300));
    expect(lasting(301)).toBeGreaterThan(lasting(300));
  });

  it("rounds memory up to the step and to the minimum", () => {
    expect(holding(1)).toBe(holding(256));
    expect(holding(257)).toBe(holding(384));
  });

  it("takes the CPU of the next larger memory size, and of the largest beyond the table", () => {
    expect(vcpu(512)).toBe(0.5);
    expect(vcpu(640)).toBe(1);
    expect(vcpu(4096)).toBe(1);
  });

  it("bills the next size on offer where only sizes are, and the largest beyond them", () => {
    const sized = { ...book, memorySizesMb: [512, 2048] };
    expect(billedMemoryMb(sized, 1)).toBe(512);
    expect(billedMemoryMb(sized, 513)).toBe(2048);
    expect(billedMemoryMb(sized, 9000)).toBe(2048);
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
