import { stepsOf } from "./steps.ts";
import { describeStep } from "./steps.ts";
import { Strategy } from "./rollout.ts";
import { callAction } from "../testing/call-action.ts";
import { place } from "../testing/call-action.ts";
import { currentStep } from "./steps.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const strategies = fc.oneof(
  fc.record({ kind: fc.constant("rolling"), batches: fc.integer({ min: 1, max: 50 }) }),
  fc.record({
    kind: fc.constant("canary"),
    percents: fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 20 }),
  }),
  fc.record({ kind: fc.constant("blue-green") }),
);

describe("the steps of a strategy", () => {
  it("reach everything in the end, and never less than before", () => {
    fc.assert(
      fc.property(strategies, (strategy) => {
        const percents = stepsOf(Strategy.parse(strategy)).map(({ percent }) => percent);
        expect(percents.at(-1)).toBe(100);
        expect(percents).toEqual(percents.toSorted((a, b) => a - b));
      }),
    );
  });

  it("are read back from what a status says", () => {
    fc.assert(
      fc.property(strategies, fc.nat(), fc.string(), (strategy, seed, reason) => {
        const steps = stepsOf(Strategy.parse(strategy));
        const step = 1 + (seed % steps.length);
        const description = describeStep(steps, step, reason);
        const told = { state: "in_progress", description };
        expect(currentStep([{ state: "inactive", description: "" }, told])).toEqual({
          step,
          state: "in_progress",
        });
        expect(description.length).toBeLessThanOrEqual(140);
      }),
    );
  });
});

const deployment = (payload: unknown) => ({
  id: 42,
  sha: "a",
  ref: "main",
  environment: "production",
  description: null,
  created_at: "2026-11-20T10:00:00Z",
  payload,
});

describe("a blue-green rollout", () => {
  const steps = stepsOf({ kind: "blue-green" });
  const status = (state: string, step: number) => ({
    id: step,
    state,
    created_at: "2026-11-20T10:00:00Z",
    description: describeStep(steps, step),
  });
  const advance = (input: object, statuses: unknown[], payload: unknown = { rollout: steps }) =>
    callAction("advance-rollout", { ...place, deploymentId: 42, ...input }, [
      { json: deployment(payload) },
      { json: statuses },
      { status: 201, json: { id: 9 } },
    ]);
  const told = "POST /repos/octo-org/shop/deployments/42/statuses";

  it("switches after the idle side is well, and ends as a success", async () => {
    const first = await advance({ step: 1, healthy: true }, [status("in_progress", 1)]);
    expect(first.body).toEqual({ state: "in_progress", step: 2, now: steps[1] });
    expect(first.asked[2]).toEqual([
      told,
      { state: "in_progress", description: "step 2/2: switch" },
    ]);
    const last = await advance({ step: 2, healthy: true }, [status("in_progress", 2)]);
    expect(last.body).toEqual({ state: "success", step: null, now: null });
    expect(last.asked[2]).toEqual([told, { state: "success", description: "step 2/2: switch" }]);
  });

  it("ends as a failure at the step that is not well", async () => {
    const { body, asked } = await advance({ step: 1, healthy: false, reason: "5xx" }, [
      status("in_progress", 1),
    ]);
    expect(body).toEqual({ state: "failure", step: null, now: null });
    expect(asked[2]).toEqual([told, { state: "failure", description: "step 1/2: idle side: 5xx" }]);
  });

  it.each([
    ["a step that was left", 1, [status("in_progress", 2)], { step: 2, now: steps[1] }],
    ["the end of a success", 2, [status("success", 2)], { state: "success", step: null }],
    ["what was replaced since", 2, [status("inactive", 2)], { state: "success", step: null }],
    ["the end of a failure", 1, [status("failure", 1)], { state: "failure", step: null }],
  ])("tells nothing twice: %s", async (_, step, statuses, expected) => {
    const { body, asked } = await advance({ step, healthy: true }, statuses);
    expect(body).toMatchObject(expected);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ["a step that has not begun", 2, [status("in_progress", 1)], undefined],
    ["a deployment without statuses", 1, [], undefined],
    ["a deployment without steps", 1, [], { other: true }],
  ])("refuses %s", async (_, step, statuses, payload) => {
    const { body } = await advance({ step, healthy: true }, statuses, payload);
    expect(body).toMatchObject({ code: "failed_precondition", origin: "caller" });
  });
});
