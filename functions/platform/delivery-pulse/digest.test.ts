import { describe, expect, it } from "vitest";
import { digestMessage } from "./digest.ts";
import { sampleDelivery, sampleFact } from "./testing/sample.ts";

const hour = 3_600_000;
const toMs = Date.UTC(2026, 10, 21, 8);

describe("digestMessage", () => {
  const good = sampleDelivery([
    sampleFact("commit", "Good", { slot: "commit", startedAtMs: toMs - 5 * hour }),
    sampleFact("deployment", "production", {
      state: "success",
      production: true,
      atMs: toMs - 3 * hour,
    }),
  ]);
  const bad = sampleDelivery([
    sampleFact("commit", "Bad & ugly", { slot: "commit", startedAtMs: toMs - 40 * hour }),
    sampleFact("deployment", "production", {
      slot: "2",
      state: "failure",
      production: true,
      atMs: toMs - 4 * hour,
    }),
  ]);
  const old = sampleDelivery([sampleFact("build", "CI", { atMs: toMs - 48 * hour })]);

  it("tells a repository's day and month", () => {
    const message = digestMessage("octo/repo", [good, bad, old], toMs);
    expect(message?.text).toBe("Deliveries of octo/repo, 2026-11-21");
    const measured =
      "1 commits to production · lead time 2 h · 1 of 2 deployments failed (50 %) · time to recover 1 h";
    expect(message?.blocks[0]?.text.text.split("\n")).toEqual([
      ":bar_chart: *Deliveries of octo/repo*, 2026-11-21",
      `*24 hours* 2 commits with news · ${measured}`,
      `*30 days* ${measured}`,
      "*Failing now*",
      ":x: <https://github.com/octo/repo/commit/a|aaaaaaa> Bad &amp; ugly",
    ]);
  });

  it("is silent about a day without news", () => {
    expect(digestMessage("octo/repo", [old], toMs)).toBeUndefined();
  });
});
