import { expect, it } from "vitest";
import { explainRun } from "./explain-run.ts";

const run = {
  id: "r",
  function: "integration-slack",
  operation: "POST /v1/integrations/slack/actions/auth-test",
  runtime: "aws",
  status: "ok",
  durationMs: 12,
  costUsd: 2.4e-7,
  receipt: {
    requests: 1,
    gbSeconds: 0.003,
    vcpuSeconds: 0,
    egressBytes: 120,
    lines: [
      { kind: "requests", product: "aws", units: 1, picoUsd: 200_000 },
      {
        kind: "stateWrite",
        product: "azure-cosmos",
        units: 5,
        picoUsd: 1_250_000,
        estimated: true,
      },
    ],
  },
};

it("shows every runtime with its score and what kept it out", () => {
  const text = explainRun({
    ...run,
    decision: {
      runtime: "aws",
      reason: "cheapest",
      epoch: 2,
      arms: [
        { runtime: "aws", verdict: "open", scoreUsd: 2.1e-7 },
        { runtime: "azure", verdict: "unhealthy", scoreUsd: null },
      ],
    },
  });
  expect(text).toContain("ran on aws: it was the cheapest");
  expect(text).toMatch(/aws +\$2\.10e-7 +open/);
  expect(text).toMatch(/azure +- +unhealthy/);
  expect(text).toContain("epoch 2");
  expect(text).toContain("1 request, 0.00300 GB-s");
  expect(text).toMatch(/requests +\$2\.00e-7 +1 at aws\n/);
  expect(text).toMatch(/stateWrite +\$0\.00000125 +5 at azure-cosmos \(estimated\)/);
});

it("says so where nothing was to be decided, and refuses what is no run", () => {
  const text = explainRun({ ...run, decision: { runtime: "aws", reason: "pinned" } });
  expect(text).toContain("the caller asked for it");
  expect(text).not.toContain("epoch");
  expect(() => explainRun({ status: 404 })).toThrow(/function/);
});
