import * as fc from "fast-check";
import { expect, it } from "vitest";
import { decodeEntity, encodeEntity } from "./table-entity.ts";

const key = { store: "items", partition: "acme~~p", sort: "s" };
const put = { kind: "put", key, condition: { kind: "any" } } as const;

it("reads what it wrote, wherever a character falls between two chunks", () => {
  const row = fc.record({
    data: fc
      .tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.integer({ min: 1, max: 70_000 }))
      .map(([text, times]) => text.repeat(times).slice(0, 350_000).toWellFormed()),
    rev: fc.string(),
    expiresAtSeconds: fc.option(fc.integer({ min: 0, max: 2 ** 40 })),
  });
  fc.assert(
    fc.property(row, (written) => {
      const entity = { ...encodeEntity({ ...put, ...written }), etag: "e" };
      expect(decodeEntity(key, entity)).toEqual({ key, ...written, handle: "e" });
    }),
    { numRuns: 50 },
  );
});

it("keeps every property under the service's 64 KiB", () => {
  const entity = encodeEntity({
    ...put,
    data: "é".repeat(175 * 1024),
    rev: "1",
    expiresAtSeconds: null,
  });
  const sizes = Object.values(entity).flatMap((value) =>
    value instanceof Uint8Array ? [value.byteLength] : [],
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(350 * 1024);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024);
});
