import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkOperationPrices } from "#shared/routing";
import {
  FREE,
  type OperationPrice,
  type OperationPrices,
  operationUnits,
  operationUsd,
  perOperation,
  perStep,
} from "./operation-prices.ts";

const KB = 1024;

const price = perOperation(0.4);
const sample: OperationPrices = {
  operations: {
    stateRead: price,
    stateWrite: price,
    stateDelete: price,
    queueSend: price,
    queueReceive: price,
    queueDelete: price,
    topicPublish: price,
    blobRead: price,
    blobWrite: price,
    blobList: price,
    blobDelete: price,
    secretRead: price,
    frontDoorRequest: price,
  },
  grants: {},
};
const priced = (stateRead: OperationPrice): OperationPrices => ({
  ...sample,
  operations: { ...sample.operations, stateRead },
});

describe("operationUsd", () => {
  it("counts an operation as one, however large, where size does not count", () => {
    expect([0, 1, 5 * KB].map((size) => operationUnits(perOperation(5), size))).toEqual([1, 1, 1]);
    expect(operationUsd(perOperation(5))).toBe(5e-6);
  });

  it("counts started steps, and at least one", () => {
    const stepped = { ...perStep(0.25, 64 * KB), unitsPerStep: 5 };
    expect([0, 1, 64 * KB, 64 * KB + 1].map((size) => operationUnits(stepped, size))).toEqual([
      5, 5, 5, 10,
    ]);
  });

  it("counts less than the minimum as the minimum", () => {
    const stepped = { ...perStep(40, 1), minBytes: 1000 };
    expect([0, 999, 1000, 1001].map((size) => operationUnits(stepped, size))).toEqual([
      1000, 1000, 1000, 1001,
    ]);
  });

  it("never falls with size", () => {
    const stepped = perStep(0.4, 64 * KB);
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(10_000_000), (size, more) => {
        expect(operationUsd(stepped, size + more)).toBeGreaterThanOrEqual(
          operationUsd(stepped, size),
        );
      }),
    );
  });
});

describe("checkOperationPrices", () => {
  it("takes believable prices, and none only where it is declared", () => {
    expect(() => checkOperationPrices("sample", priced(FREE))).not.toThrow();
    expect(() => checkOperationPrices("sample", priced(perOperation(0)))).toThrow(
      /^routing.check-prices: stateRead of "sample" is 0 USD per million; give/,
    );
  });

  it("refuses absurd prices and names the operation", () => {
    for (const usd of [Number.NaN, -0.4, Infinity, 0.4e6, 0.4e-6])
      expect(() => checkOperationPrices("sample", priced(perOperation(usd)))).toThrow(/stateRead/);
    const free = { ...FREE, usdPerMillionUnits: -1 };
    expect(() => checkOperationPrices("sample", priced(free))).toThrow(/stateRead/);
  });

  it("refuses a price that is missing, and grants that are absurd or nobody's", () => {
    const missing = { ...sample, operations: { ...sample.operations } };
    Reflect.deleteProperty(missing.operations, "stateRead");
    expect(() => checkOperationPrices("sample", missing)).toThrow(/stateRead .* is missing/);
    expect(() => checkOperationPrices("sample", priced(perOperation(1, "reads")))).toThrow(
      /unknown grant "reads"/,
    );
    for (const reads of [Number.NaN, -1, 0, Infinity])
      expect(() => checkOperationPrices("sample", { ...sample, grants: { reads } })).toThrow(
        /reads/,
      );
  });
});
