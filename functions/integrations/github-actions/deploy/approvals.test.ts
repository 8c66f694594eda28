import { matches } from "./test-conditions.ts";
import { callAction } from "../testing/call-action.ts";
import { place } from "../testing/call-action.ts";
import { environmentOf } from "./environment.ts";
import { describe, expect, it } from "vitest";

const pending = [
  {
    environment: {
      id: 5,
      name: "production",
    },
    wait_timer: 0,
    wait_timer_started_at: null,
    current_user_can_approve: true,
  },
];
const run = {
  head_branch: "main",
  head_sha: "a",
  head_repository: { full_name: "Octo-Org/Shop" },
  actor: { login: "octocat" },
};
const input = { ...place, runId: 1, environment: "production" };
const review = "POST /repos/octo-org/shop/actions/runs/1/pending_deployments";

/** Decides about a run with checks, and gives the decision and the review that was written. */
async function decide(conditions: object, more: { run?: object; checks?: object[] } = {}) {
  const given = { ...input, conditions, otherwise: "reject" };
  const answers = [{ json: pending }, { json: { ...run, ...more.run } }];
  const checks = more.checks === undefined ? [] : [{ json: { check_runs: more.checks } }];
  const { body, asked } = await callAction("decide-deployments", given, [
    ...answers,
    ...checks,
    { json: [] },
  ]);
  return { body, written: asked.filter(([where]) => where === review).map(([, said]) => said) };
}

describe("conditions", () => {
  it.each([
    [{ refs: ["main"] }, {}],
    [{ refs: ["release/*", "m**"], actors: ["octocat"] }, {}],
    [{ checks: ["build"] }, { checks: [{ name: "build", conclusion: "neutral" }] }],
  ])("that hold let a deployment through: %j", async (conditions, more) => {
    const { body, written } = await decide(conditions, more);
    expect(body).toEqual({ decision: "approved", unmet: [], open: [] });
    expect(written).toMatchObject([{ environment_ids: [5], state: "approved" }]);
  });

  it.each([
    [{ refs: ["release/*"] }, {}, "ref main"],
    [{ refs: ["**"] }, { run: { head_branch: null } }, "ref none"],
    [
      { refs: ["main"] },
      { run: { head_repository: { full_name: "mallory/shop" } } },
      "ref of another repository",
    ],
    [{ refs: ["main"] }, { run: { head_repository: null } }, "ref of another repository"],
    [{ actors: ["hubot"] }, {}, "actor octocat"],
    [{ actors: ["octocat"] }, { run: { triggering_actor: { login: "mallory" } } }, "actor mallory"],
    [
      { checks: ["build"] },
      {
        checks: [
          { name: "build", conclusion: "success" },
          { name: "build", conclusion: "timed_out" },
        ],
      },
      "check build",
    ],
  ])("that do not hold stop it: %j %j", async (conditions, more, unmet) => {
    const { body, written } = await decide(conditions, more);
    expect(body).toEqual({ decision: "rejected", unmet: [unmet], open: [] });
    expect(written).toMatchObject([{ state: "rejected", comment: `Not met: ${unmet}` }]);
  });

  it.each([[[]], [[{ name: "build", conclusion: null }]]])(
    "that are open keep it waiting: %j",
    async (checks) => {
      const { body, written } = await decide({ checks: ["build"] }, { checks });
      expect(body).toEqual({ decision: "waiting", unmet: [], open: ["check build"] });
      expect(written).toEqual([]);
    },
  );

  it("are not asked about where nothing waits", async () => {
    const given = { ...input, conditions: { refs: ["main"] } };
    const { body, asked } = await callAction("decide-deployments", given, [{ json: [] }]);
    expect([body, asked.length]).toEqual([{ decision: "nothing", unmet: [], open: [] }, 1]);
  });

  it("are at least one", async () => {
    const { status, asked } = await callAction(
      "decide-deployments",
      { ...input, conditions: {} },
      [],
    );
    expect([status, asked]).toEqual([400, []]);
  });

  it.each([
    ["main", "main", true],
    ["main", "main2", false],
    ["release/*", "release/1.0", true],
    ["release/*", "release/1/0", false],
    ["release/**", "release/1/0", true],
    ["v*.*", "v1.2", true],
    ["v1.2", "v1x2", false],
    ["*", "a/b", false],
  ])("match names of refs: %s %s", (glob, ref, expected) => {
    expect(matches(glob, ref)).toBe(expected);
  });
});

describe("a review", () => {
  it("is not written for an environment that the run does not wait for", async () => {
    const given = { ...input, environments: ["production", "staging"], state: "approved" };
    const { body, asked } = await callAction("review-deployments", given, [{ json: pending }]);
    expect(body).toMatchObject({ code: "failed_precondition", origin: "caller" });
    expect(asked).toHaveLength(1);
  });
});

describe("an environment", () => {
  const policy = { protected_branches: true, custom_branch_policies: false };
  it.each([
    [{}, { approval: "automatic", refs: "all" }],
    [{ deployment_branch_policy: policy }, { approval: "conditional", refs: "protected" }],
    [{ protection_rules: [{ type: "gate" }] }, { approval: "conditional", refs: "all" }],
    [
      { protection_rules: [{ type: "wait_timer", wait_timer: 5 }] },
      { approval: "automatic", waitMinutes: 5 },
    ],
  ])("with %j asks for approval as %j", (found, expected) => {
    expect(environmentOf({ id: 1, name: "x", ...found })).toMatchObject(expected);
  });
});
