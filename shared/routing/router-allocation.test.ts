import { expect, it } from "vitest";
import { createMarket } from "./market.ts";
import { Router } from "./router.ts";
import { sampleArm, sampleFunction } from "./sample.conformance.ts";

// A file of its own: the test runner gives it a fresh engine, in which nothing else has shaped the compiled code.
it("allocates nothing while it decides", () => {
  const router = new Router(
    createMarket([sampleArm("a", 1), sampleArm("b", 1.3), sampleArm("c", 2)]),
  );
  const fn = router.add({ ...sampleFunction, idempotent: false });
  for (let call = 0; call < 2000; call++) {
    const nowMs = call * 1000;
    const arm = router.decide(fn, nowMs);
    const ended = { fn, arm, nowMs, latencyMs: 300, durationMs: 300 };
    router.settle({ ...ended, billedSeconds: 0.3, explored: false });
  }
  const bytesOfRound = () => {
    const before = process.memoryUsage().heapUsed;
    for (let call = 0; call < 400_000; call++) router.decide(fn, 2e6 + call);
    return process.memoryUsage().heapUsed - before;
  };
  // The smallest object takes 12 bytes: one per call would be 5 MB a round, or a fall where they are collected. The
  // first rounds are interpreted, where numbers are boxed.
  const rounds = Array.from({ length: 20 }, bytesOfRound);
  const quiet = rounds.filter((bytes) => bytes >= 0 && bytes < 200_000);
  expect(quiet.length, rounds.join(" ")).toBeGreaterThanOrEqual(3);
});
