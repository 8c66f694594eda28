import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeVersion,
  encodeVersion,
  isSame,
  type Join,
  lastWriter,
  mergedBy,
  type Version,
} from "./version.ts";

const CASES = 100_000;

/** A union of sets of letters, as JSON text. */
function union(a: string, b: string): string {
  return JSON.stringify([...new Set([...letters(a), ...letters(b)])].toSorted());
}

function letters(text: string): string[] {
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? list.map(String) : [];
}

const rev = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([ms, count, node]) =>
    [ms.toString(16).padStart(12, "0"), count.toString(16).padStart(4, "0"), `0000000${node}`].join(
      "-",
    ),
  );
const data = fc.oneof(
  fc.constant(null),
  fc.subarray(["a", "b", "c"]).map((list) => JSON.stringify(list)),
);
const version: fc.Arbitrary<Version> = fc.record({
  rev,
  epoch: fc.nat(2),
  data,
  expiresAtSeconds: fc.option(fc.nat(3)),
});

/** No two writes have the same revision: what has, is the same. */
function written(versions: readonly Version[]): Version[] {
  const known = new Map<string, Version>();
  return versions.map((each) => {
    const first = known.get(each.rev) ?? each;
    known.set(each.rev, first);
    return first;
  });
}

describe.each<[string, Join]>([
  ["the last writer", lastWriter],
  ["a declared merge", mergedBy(union)],
])("%s", (_, join) => {
  it("comes to the same whatever the order and however often", () => {
    const check = fc.check(
      fc.property(fc.tuple(version, version, version), (drawn) => {
        const [a, b, c] = written(drawn);
        if (a === undefined || b === undefined || c === undefined) return false;
        return (
          isSame(join(a, b), join(b, a)) &&
          isSame(join(a, join(b, c)), join(join(a, b), c)) &&
          isSame(join(a, a), a) &&
          isSame(join(join(a, b), b), join(a, b))
        );
      }),
      { numRuns: CASES },
    );
    expect(check.counterexample).toBeNull();
    expect(check.numRuns).toBe(CASES);
  }, 60_000);
});

it.each<[string, Join]>([
  ["who comes last wins", (_, b) => b],
  ["the earlier expiry of equal values", (a, b) => ((a.data ?? "") > (b.data ?? "") ? a : b)],
])("would notice a join that is none: %s", (_, join) => {
  const check = fc.check(
    fc.property(version, version, (a, b) => isSame(join(a, b), join(b, a))),
    { numRuns: CASES },
  );
  expect(check.failed).toBe(true);
});

it("reads back what it stored, and rows from before", () => {
  fc.assert(
    fc.property(version, (each) => {
      const gone = { ...each, expiresAtSeconds: null };
      const stored = each.data === null ? gone : each;
      const key = { store: "s", partition: "p", sort: "k" };
      const row = { key, rev: stored.rev, expiresAtSeconds: 9, handle: "h" };
      expect(decodeVersion({ ...row, data: encodeVersion(stored) })).toEqual(stored);
      expect(decodeVersion({ ...row, data: '{"a":[1]}' })).toEqual({
        rev: stored.rev,
        epoch: 0,
        data: '{"a":[1]}',
        expiresAtSeconds: 9,
      });
    }),
  );
});
