import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fact } from "./fact.ts";
import { measure } from "./metrics.ts";
import { sampleDelivery, sampleFact } from "./testing/sample.ts";

const span = { fromMs: 1_000, toMs: 2_000 };
const commitAt = (startedAtMs: number): Fact =>
  sampleFact("commit", "", { slot: "commit", startedAtMs });

function deployment(slot: string, state: Fact["state"], atMs: number, name = "production"): Fact {
  return sampleFact("deployment", name, { slot, state, atMs, production: name === "production" });
}

function build(slot: string, state: Fact["state"], atMs: number, branch: string): Fact {
  return sampleFact("build", "CI", { slot, state, atMs, branch });
}

describe("measure", () => {
  it("has nothing to say about nothing", () => {
    expect(measure([], span)).toEqual({
      basis: "none",
      finished: 0,
      failed: 0,
      failureRate: null,
      leadTimeMs: null,
      recoverMs: null,
      delivered: 0,
    });
  });

  it("measures lead time from the commit to its first success in production", () => {
    const deliveries = [
      sampleDelivery([
        commitAt(900),
        deployment("1", "success", 1_500),
        deployment("2", "success", 1_900),
      ]),
      sampleDelivery([
        commitAt(1_000),
        sampleFact("release", "v1", { state: "success", atMs: 1_400, production: true }),
      ]),
      // First delivered before the span: not again.
      sampleDelivery([
        commitAt(100),
        deployment("3", "success", 800),
        deployment("4", "success", 1_200),
      ]),
      sampleDelivery([commitAt(1_000), deployment("5", "success", 1_100, "staging")]),
    ];
    expect(measure(deliveries, span)).toMatchObject({ leadTimeMs: 500, delivered: 2 });
  });

  it("does not go below zero for an author's clock that is ahead", () => {
    const ahead = sampleDelivery([commitAt(1_800), deployment("1", "success", 1_500)]);
    expect(measure([ahead], span).leadTimeMs).toBe(0);
  });

  it("counts failures among what finished in the span", () => {
    const facts = [
      deployment("1", "failure", 999),
      deployment("2", "failure", 1_000),
      deployment("3", "success", 1_100),
      deployment("4", "success", 1_999),
      deployment("5", "failure", 2_000),
      deployment("6", "running", 1_500),
    ];
    expect(measure([sampleDelivery(facts)], span)).toMatchObject({
      basis: "deployments",
      finished: 3,
      failed: 1,
      failureRate: 1 / 3,
    });
  });

  it("measures recovery from the first failure to the next success, also across the span's start", () => {
    const facts = [
      deployment("1", "failure", 500),
      deployment("2", "failure", 900),
      deployment("3", "success", 1_100),
      deployment("4", "failure", 1_200),
      deployment("5", "success", 1_300),
      deployment("6", "failure", 1_900),
    ];
    expect(measure([sampleDelivery(facts)], span).recoverMs).toBe((600 + 100) / 2);
  });

  it("does not take a success elsewhere for a recovery", () => {
    const facts = [
      build("1", "failure", 1_100, "topic"),
      build("2", "success", 1_200, "main"),
      build("3", "success", 1_500, "topic"),
    ];
    const measured = measure([sampleDelivery(facts)], span);
    expect(measured).toMatchObject({ basis: "builds", finished: 3, failed: 1, recoverMs: 400 });
  });

  it("does not depend on the order of the records", () => {
    const states = fc.constantFrom<Fact["state"]>("success", "failure", "running");
    const finished = fc.array(fc.tuple(states, fc.integer({ min: 900, max: 2_100 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(finished, fc.infiniteStream(fc.nat()), (list, keys) => {
        const deliveries = list.map(([state, atMs], index) =>
          sampleDelivery([commitAt(500), deployment(String(index), state, atMs)]),
        );
        const shuffled = deliveries
          .map((delivery) => ({ delivery, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ delivery }) => delivery);
        expect(measure(shuffled, span)).toEqual(measure(deliveries, span));
      }),
    );
  });
});
