import webhooks from "@octokit/webhooks-examples";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fact, State } from "./fact.ts";
import { eventTypes, factsOf } from "./facts.ts";
import { type Facts, fold } from "./fold.ts";

/** Few slots and few times, so that facts meet. */
const fact: fc.Arbitrary<Fact> = fc.record(
  {
    slot: fc.constantFrom("a", "b", "__proto__"),
    kind: fc.constantFrom(...Fact.shape.kind.options),
    name: fc.constantFrom("", "x"),
    state: fc.constantFrom(...State.options),
    atMs: fc.integer({ min: 0, max: 2 }),
    weight: fc.integer({ min: 0, max: 1 }),
    url: fc.constantFrom("https://a.example", "https://b.example"),
    label: fc.constantFrom("one", "two"),
  },
  { requiredKeys: ["slot", "kind", "name", "state", "atMs", "weight"] },
);

/** Events of one commit in the order they were thought of, and any delivery of them: shuffled, some repeated. */
const deliveries = fc.array(fc.array(fact, { maxLength: 3 }), { maxLength: 8 }).chain((events) =>
  fc.tuple(
    fc.constant(events),
    fc
      .array(fc.nat({ max: Math.max(0, events.length - 1) }), { maxLength: 8 })
      .map((again) => [...events.keys()].concat(events.length === 0 ? [] : again))
      .chain((order) => fc.shuffledSubarray(order, { minLength: order.length })),
  ),
);

const all = (events: readonly (readonly Fact[])[]): Facts =>
  events.reduce<Facts>((known, told) => fold(known, told), {});

describe("fold", () => {
  it("gives the same for any order and any repetition of events", () => {
    fc.assert(
      fc.property(deliveries, ([events, order]) => {
        expect(all(order.map((index) => events[index] ?? []))).toEqual(all(events));
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives what is known itself when nothing is new", () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 8 }), (facts) => {
        const known = fold({}, facts);
        expect(fold(known, facts)).toBe(known);
      }),
    );
  });

  it("does not depend on the order in which a store gives fields back", () => {
    fc.assert(
      fc.property(fact, fact, (one, two) => {
        const turned = Fact.parse(Object.fromEntries(Object.entries(one).toReversed()));
        expect(fold({ [one.slot]: turned }, [two])).toEqual(fold(fold({}, [one]), [two]));
      }),
    );
  });

  it("keeps the later of two states, also when it comes first", () => {
    const [running, done] = [
      { state: "running", atMs: 1, weight: 1 },
      { state: "success", atMs: 1, weight: 3 },
    ].map((over) => Fact.parse({ slot: "a", kind: "build", name: "CI", ...over }));
    if (running === undefined || done === undefined) throw new Error("two facts expected");
    expect(fold(fold({}, [done]), [running])["a"]).toEqual(done);
    expect(fold(fold({}, [running]), [done])["a"]).toEqual(done);
  });

  it("gives the same for any order of GitHub's real events", () => {
    const real = webhooks
      .filter(({ name }) => eventTypes.includes(name))
      .flatMap(({ name, examples }) => examples.map((payload) => factsOf(name, payload).facts))
      .map((facts) =>
        facts.map((each) => ({ ...each.fact, slot: `${each.commit} ${each.fact.slot}` })),
      );
    const shuffled = fc.shuffledSubarray([...real, ...real], { minLength: real.length * 2 });
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(all(order)).toEqual(all(real));
      }),
      { numRuns: 50 },
    );
  });
});
