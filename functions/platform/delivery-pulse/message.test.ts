import { describe, expect, it } from "vitest";
import { sampleDelivery, sampleFact } from "./testing/sample.ts";
import { commitMessage } from "./message.ts";

const minute = 60_000;

describe("commitMessage", () => {
  const delivery = sampleDelivery([
    sampleFact("commit", "Fix <the> thing", { slot: "commit", author: "mona", startedAtMs: 0 }),
    sampleFact("push", "main"),
    sampleFact("pull", "#7 Fix", { label: "merged", url: "https://github.com/o/r/pull/7" }),
    sampleFact("build", "CI", { slot: "b1", state: "failure", startedAtMs: 0, atMs: minute }),
    sampleFact("build", "CI", {
      slot: "b2",
      state: "success",
      startedAtMs: 2 * minute,
      atMs: 4 * minute,
      url: "https://github.com/o/r/actions/runs/1",
    }),
    sampleFact("check", "lint", { slot: "c1", state: "success" }),
    sampleFact("check", "types", { slot: "c2", state: "success" }),
    sampleFact("deployment", "staging", { state: "running", startedAtMs: 0 }),
    sampleFact("release", "v1", { state: "success", label: "published" }),
  ]);

  it("tells the whole way of a commit", () => {
    const { text, blocks } = commitMessage(delivery);
    expect(text).toBe("octo/repo aaaaaaa under way: Fix &lt;the&gt; thing");
    expect(blocks.map((block) => block.text.text)).toEqual([
      [
        ":hourglass_flowing_sand: *<https://github.com/octo/repo/commit/a|aaaaaaa>* Fix &lt;the&gt; thing",
        "octo/repo · `main` · by mona · <https://github.com/o/r/pull/7|#7 Fix> (merged)",
        "*Builds* :white_check_mark: <https://github.com/o/r/actions/runs/1|CI> (2 min)",
        "*Checks* :white_check_mark: 2 passed",
        "*Deployments* :hourglass_flowing_sand: staging",
        "*Releases* :white_check_mark: v1 (published)",
      ].join("\n"),
    ]);
  });

  it("does not depend on the order of the facts", () => {
    const turned = Object.fromEntries(Object.entries(delivery.facts).toReversed());
    expect(commitMessage({ ...delivery, facts: turned })).toEqual(commitMessage(delivery));
  });

  it("names what failed, and fails as a whole", () => {
    const failed = sampleFact("check", "e2e", { slot: "c3", state: "failure" });
    const { text, blocks } = commitMessage(
      sampleDelivery([...Object.values(delivery.facts), failed]),
    );
    expect(text).toContain(" failed: ");
    expect(blocks[0]?.text.text).toContain(
      "*Checks* :x: 1 failed · :white_check_mark: 2 passed (e2e)",
    );
  });

  it("counts what it does not name", () => {
    const many = Array.from({ length: 12 }, (_, index) => sampleFact("build", `job ${index}`));
    expect(commitMessage(sampleDelivery(many)).blocks[0]?.text.text).toContain(" · and 4 more");
  });

  it("says something about a commit of which nothing but the id is known", () => {
    expect(commitMessage(sampleDelivery([])).text).toBe("octo/repo aaaaaaa no result");
  });
});
