import { callAction } from "../testing/call-action.ts";
import { place } from "../testing/call-action.ts";
import { describe, expect, it } from "vitest";

const [good, bad, newer] = ["a", "b", "c"].map((letter) => letter.repeat(40));
const deployment = (id: number, sha: string | undefined, payload: unknown = {}) => ({
  id,
  sha,
  ref: "main",
  environment: "production",
  description: null,
  payload,
  created_at: "2026-11-20T10:00:00Z",
});
const status = (state: string) => ({ id: 1, state, description: "", created_at: "" });
const json = (body: unknown, code = 200) => ({ status: code, json: body });
const input = { ...place, environment: "production", deploymentId: 42 };
const repo = "/repos/octo-org/shop";
const history = [deployment(42, bad), deployment(40, good)];

const at = (sha: string | undefined) => json({ object: { sha } });
const tree = (sha: string) => json({ tree: { sha } });

const find = (deployments: unknown[], statuses: unknown[][]) =>
  callAction("find-rollback-target", { ...place, environment: "production" }, [
    json(deployments),
    ...statuses.map((one) => json(one)),
  ]);

describe("an automatic rollback", () => {
  const automatic = { ...input, when: "failed" };
  const untouched = { rolledBack: false, deploymentId: null, sha: null, repeated: false };

  it.each(["success", "in_progress", "inactive"])("does nothing after %s", async (state) => {
    const answers = [json(history), json([status(state)])];
    const { body, asked } = await callAction("rollback-deployment", automatic, answers);
    expect([body, asked.length]).toEqual([untouched, 2]);
  });

  it("leaves alone what is newer than the failure", async () => {
    const answers = [json([deployment(43, newer), ...history]), json([status("failure")])];
    const { body, asked } = await callAction("rollback-deployment", automatic, answers);
    expect([body, asked.length]).toEqual([untouched, 2]);
  });

  it("finishes what an earlier call began, and deploys nothing twice", async () => {
    const begun = [
      json(history),
      json([status("failure")]),
      json([status("inactive"), status("success")]),
      json({ id: 43, sha: good }, 201),
      { status: 500 },
    ];
    const first = await callAction("rollback-deployment", automatic, begun);
    expect(first).toMatchObject({
      status: 503,
      body: { code: "unavailable", details: { outcome: "unknown" } },
    });
    const again = await callAction("rollback-deployment", automatic, [
      json([deployment(43, good, { rollback_of: 42 }), ...history]),
      json([status("failure")]),
      json({ id: 2 }, 201),
    ]);
    expect(again.body).toEqual({ rolledBack: true, deploymentId: 43, sha: good, repeated: true });
    expect(again.asked.at(-1)).toEqual([
      `POST ${repo}/deployments/42/statuses`,
      { state: "inactive", description: "Undone by 43" },
    ]);
  });
});

describe("a version to go back to", () => {
  it("is none that failed, failed later, was undone, or is the same commit", async () => {
    const all = [
      deployment(9, bad),
      deployment(8, bad),
      deployment(7, newer),
      deployment(6, newer),
      deployment(5, good, { rollback_of: 4 }),
      deployment(4, newer),
      deployment(3, good),
    ];
    const { body, asked } = await find(all, [
      [status("error")],
      [status("inactive"), status("failure"), status("success")],
      [status("failure")],
      [status("inactive"), status("success")],
    ]);
    expect(body).toMatchObject({ target: { deploymentId: 3, sha: good } });
    expect(asked.slice(1).map(([where]) => where)).toEqual(
      [7, 6, 5, 3].map((id) => `GET ${repo}/deployments/${id}/statuses`),
    );
  });

  it.each([
    ["nothing was deployed", []],
    ["there is only one version", [deployment(9, bad), deployment(8, bad)]],
  ])("is null where %s", async (_, deployments) => {
    expect((await find(deployments, [])).body).toEqual({ target: null });
  });

  it("may be chosen by hand", async () => {
    const answers = [json(history), json([status("success")]), json({ id: 44, sha: newer }, 201)];
    const { body, asked } = await callAction("rollback-deployment", { ...input, sha: newer }, [
      ...answers,
      json({ id: 3 }, 201),
    ]);
    expect(body).toMatchObject({ rolledBack: true, deploymentId: 44 });
    expect(asked[2]).toMatchObject([`POST ${repo}/deployments`, { ref: newer }]);
  });

  it("is asked for where none is found, before anything is written", async () => {
    const answers = [json([deployment(42, bad)]), json([status("failure")])];
    const { body, asked } = await callAction("rollback-deployment", input, answers);
    expect(body).toMatchObject({ code: "failed_precondition", origin: "caller" });
    expect(asked).toHaveLength(2);
  });
});

describe("a rollback under version control", () => {
  const asked = { ...place, branch: "main", sha: good, reason: "it fails" };
  const commit = "d".repeat(40);

  it("changes nothing where the content is that already", async () => {
    const answers = [at(bad), tree("t1"), tree("t1")];
    expect((await callAction("propose-rollback", asked, answers)).body).toEqual({
      changed: false,
      commit: null,
      pullRequest: null,
    });
  });

  it("moves the branch forward without force", async () => {
    const answers = [at(bad), tree("t1"), tree("t2"), json({ sha: commit }, 201), json({})];
    const called = await callAction("propose-rollback", { ...asked, by: "commit" }, answers);
    expect(called.body).toEqual({ changed: true, commit, pullRequest: null });
    expect(called.asked.at(-1)).toEqual([
      `PATCH ${repo}/git/refs/heads%2Fmain`,
      { sha: commit, force: false },
    ]);
  });

  it("finds its branch and pull request again", async () => {
    const pull = [{ number: 7, html_url: "https://github.com/octo-org/shop/pull/7" }];
    const answers = [at(bad), tree("t1"), tree("t2"), at(commit), json(pull)];
    const called = await callAction("propose-rollback", asked, answers);
    expect(called.body).toMatchObject({ commit, pullRequest: { number: 7 } });
    expect(called.asked.every(([where]) => where.startsWith("GET "))).toBe(true);
  });

  it("takes the branch that somebody else was faster to make", async () => {
    const called = await callAction("propose-rollback", asked, [
      at(bad),
      tree("t1"),
      tree("t2"),
      { status: 404, json: { message: "Not Found" } },
      json({ sha: "e".repeat(40) }, 201),
      json({ message: "Reference already exists" }, 422),
      at(commit),
      json([]),
      json({ number: 8, html_url: "https://github.com/x" }, 201),
    ]);
    expect(called.body).toMatchObject({ commit, pullRequest: { number: 8 } });
  });

  it("refuses a branch that does not exist", async () => {
    const answers = [{ status: 404, json: { message: "Not Found" } }];
    expect((await callAction("propose-rollback", asked, answers)).body).toMatchObject({
      code: "failed_precondition",
      origin: "caller",
    });
  });
});
