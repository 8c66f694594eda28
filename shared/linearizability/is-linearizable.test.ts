import { seededRandom } from "#shared/testing";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { History } from "./history.ts";
import { isLinearizable, type Operation } from "./is-linearizable.ts";
import { register, type RegisterInput, type RegisterOutput } from "./register.ts";
import { simulatedHistory } from "./simulated-history.conformance.ts";

type Registered = Operation<RegisterInput, RegisterOutput>;

const operation = (
  [calledAt, answeredAt]: readonly [number, number | undefined],
  input: RegisterInput,
  output: RegisterOutput | undefined,
): Registered => ({ calledAt, answeredAt, input, output });
const done = { kind: "done" } as const;
const shown = (mark: string): RegisterOutput => ({ kind: "shown", mark });
const write = (mark: string): RegisterInput => ({ kind: "write", mark });
const replace = (mark: string, based: string): RegisterInput => ({ kind: "replace", mark, based });
const read: RegisterInput = { kind: "read" };
const holds = (...history: Registered[]): boolean => isLinearizable(register, history);

it("accepts what overlaps in either order, and nothing that goes back in time", () => {
  const first = operation([1, 2], write("a"), done);
  expect(
    holds(first, operation([3, 6], write("b"), done), operation([4, 5], read, shown("a"))),
  ).toBe(true);
  expect(
    holds(first, operation([3, 6], write("b"), done), operation([4, 5], read, shown("b"))),
  ).toBe(true);
  expect(
    holds(first, operation([3, 4], write("b"), done), operation([5, 6], read, shown("a"))),
  ).toBe(false);
  const twoReads = [operation([4, 5], read, shown("b")), operation([6, 7], read, shown("a"))];
  expect(holds(first, operation([3, 8], write("b"), done), ...twoReads)).toBe(false);
});

it("lets a write of unknown outcome happen late, once, or never", () => {
  const lost = operation([3, undefined], write("b"), undefined);
  const first = operation([1, 2], write("a"), done);
  expect(holds(first, lost)).toBe(true);
  expect(
    holds(first, lost, operation([4, 5], read, shown("a")), operation([6, 7], read, shown("b"))),
  ).toBe(true);
  expect(
    holds(first, lost, operation([4, 5], read, shown("b")), operation([6, 7], read, shown("a"))),
  ).toBe(false);
  expect(
    holds(
      first,
      operation([4, 5], read, shown("b")),
      operation([6, undefined], write("b"), undefined),
    ),
  ).toBe(false);
});

it("knows a lost update, two winners of one creation, and a refusal without cause", () => {
  const made = operation([1, 2], { kind: "create", mark: "a" }, done);
  expect(
    holds(
      made,
      operation([3, 6], replace("b", "a"), done),
      operation([4, 5], replace("c", "a"), done),
    ),
  ).toBe(false);
  expect(holds(made, operation([3, 4], { kind: "create", mark: "b" }, done))).toBe(false);
  const refused = { kind: "refused", mark: "a" } as const;
  expect(holds(made, operation([3, 4], { kind: "create", mark: "b" }, refused))).toBe(true);
  expect(holds(made, operation([3, 4], replace("b", "a"), refused))).toBe(false);
  const removed = operation([3, 4], { kind: "remove", based: "a" }, done);
  expect(holds(made, removed, operation([5, 6], { kind: "create", mark: "b" }, done))).toBe(true);
});

const simulation = fc.record({
  seed: fc.nat(),
  operations: fc.integer({ min: 1, max: 200 }),
  clients: fc.integer({ min: 1, max: 8 }),
  lost: fc.constantFrom(0, 0.02, 0.1),
});

it("accepts every history that happened one after the other", () => {
  fc.assert(
    fc.property(simulation, ({ seed, ...rest }) => {
      const history = simulatedHistory({ ...rest, random: seededRandom(seed) });
      expect(history).toHaveLength(rest.operations);
      expect(isLinearizable(register, history)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

/** A read that shows the state before the last write that had ended when it began. */
function staleRead(history: readonly Registered[]): Registered[] {
  const end = Math.max(...history.map(({ calledAt, answeredAt }) => answeredAt ?? calledAt));
  return [
    ...history,
    operation([end + 1, end + 2], write("old"), done),
    operation([end + 3, end + 4], write("new"), done),
    operation([end + 5, end + 6], read, shown("old")),
  ];
}

/** Two writers replaced the same row, and both were told so. */
function lostUpdate(history: readonly Registered[]): Registered[] {
  const end = Math.max(...history.map(({ calledAt, answeredAt }) => answeredAt ?? calledAt));
  return [
    ...history,
    operation([end + 1, end + 2], write("base"), done),
    operation([end + 3, end + 6], replace("x", "base"), done),
    operation([end + 4, end + 5], replace("y", "base"), done),
  ];
}

it.each([
  ["a stale read", staleRead],
  ["a lost update", lostUpdate],
])("rejects %s behind any history whose outcomes are all known", (_, mutate) => {
  fc.assert(
    fc.property(simulation, ({ seed, ...rest }) => {
      const history = simulatedHistory({ ...rest, lost: 0, random: seededRandom(seed) });
      expect(isLinearizable(register, mutate(history))).toBe(false);
    }),
    { numRuns: 100 },
  );
});

/** Every order, tried one by one: what the search must agree with. */
function isLinearizableByForce(history: readonly Registered[], state: string): boolean {
  if (history.every(({ answeredAt }) => answeredAt === undefined)) return true;
  const firstAnswer = Math.min(...history.map(({ answeredAt }) => answeredAt ?? Infinity));
  return history.some((one) => {
    if (one.calledAt > firstAnswer) return false;
    const after = register.step(state, one.input, one.output);
    if (after === undefined) return false;
    return isLinearizableByForce(
      history.filter((other) => other !== one),
      after,
    );
  });
}

it("agrees with trying every order, on histories right and wrong", () => {
  const verdicts = { true: 0, false: 0 };
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 2, max: 7 }),
      fc.nat(),
      fc.nat(),
      (seed, size, a, b) => {
        const random = seededRandom(seed);
        const history = simulatedHistory({ random, operations: size, clients: 4, lost: 0.1 });
        const [one, other] = [history[a % size], history[b % size]];
        if (one === undefined || other === undefined) return;
        // What two operations were answered changes places: sometimes that is right still.
        const mixed = history.map((each) =>
          each === one
            ? { ...each, output: other.output, input: other.input }
            : each === other
              ? { ...each, output: one.output, input: one.input }
              : each,
        );
        const verdict = isLinearizable(register, mixed);
        verdicts[`${verdict}`] += 1;
        expect(verdict).toBe(isLinearizableByForce(mixed, register.initial));
      },
    ),
    { numRuns: 2_000 },
  );
  expect(verdicts.true).toBeGreaterThan(200);
  expect(verdicts.false).toBeGreaterThan(200);
});

it("records what happened and names the keys that are wrong", async () => {
  const history = new History<RegisterInput, RegisterOutput>();
  await history.record("right", write("a"), async () => done);
  await history.record("right", write("b"), async () => "unknown");
  await history.record("right", write("c"), async () => "not-done");
  await history.record("right", read, async () => shown("b"));
  await history.record("wrong", read, async () => shown("b"));
  expect(history.operations.get("right")).toHaveLength(3);
  expect(history.violations(register)).toEqual(["wrong"]);
});
