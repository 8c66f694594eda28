import webhooks from "@octokit/webhooks-examples";
import { describe, expect, it } from "vitest";
import { eventTypes, factsOf } from "./facts.ts";
import { Fact } from "./fact.ts";

const examples = webhooks
  .filter(({ name }) => eventTypes.includes(name))
  .flatMap(({ name, examples: payloads }) =>
    payloads.map((payload, index): Example => ({ name, index, payload })),
  );
type Example = { readonly name: string; readonly index: number; readonly payload: object };

function example(name: string, member?: string, value?: unknown): object {
  const found = examples.find(
    (each) =>
      each.name === name &&
      (member === undefined || new Map(Object.entries(each.payload)).get(member) === value),
  );
  if (found === undefined) throw new Error(`no example of ${name}`);
  return found.payload;
}

const repository = { full_name: "octo/repo", html_url: "https://github.com/octo/repo" };
const sha = "a".repeat(40);
const other = "b".repeat(40);

describe("real GitHub events", () => {
  it("covers every type that is read", () => {
    expect(new Set(examples.map(({ name }) => name))).toEqual(new Set(eventTypes));
  });

  it.each(examples)("reads $name example $index", ({ name, payload }) => {
    const told = factsOf(name, payload);
    expect(told.repository).toMatch(/^[^/]+\/[^/]+$/);
    for (const { commit, fact } of told.facts) {
      expect(commit).toMatch(/^[0-9a-f]{40}$/);
      expect(Fact.parse(fact)).toEqual(fact);
      expect(JSON.parse(JSON.stringify(fact))).toEqual(fact);
    }
  });

  it("reads a production deployment", () => {
    const { facts } = factsOf("deployment_status", example("deployment_status"));
    expect(facts.map(({ fact }) => fact)).toContainEqual(
      expect.objectContaining({
        slot: "deployment:145988746",
        name: "production",
        state: "success",
        production: true,
        atMs: Date.parse("2019-05-15T15:20:55Z"),
      }),
    );
  });

  it("gives no facts for a deleted tag", () => {
    const deleted = example("push", "deleted", true);
    expect(factsOf("push", deleted)).toEqual({ repository: "Codertocat/Hello-World", facts: [] });
  });

  it("gives no facts for a label on a pull request", () => {
    const labeled = example("pull_request", "action", "labeled");
    expect(factsOf("pull_request", labeled).facts).toEqual([]);
  });
});

describe("pull requests", () => {
  it("tells a merge to the head and to the commit that the merge made", () => {
    const { facts } = factsOf("pull_request", pullEvent({}));
    const pulls = facts.filter(({ fact }) => fact.kind === "pull");
    expect(pulls.map(({ commit, fact }) => [commit, fact.label, fact.name])).toEqual([
      [sha, "merged", "#7 Fix <it>"],
      [other, "merged", "#7 Fix <it>"],
    ]);
  });

  it("does not take the trial merge of an unmerged one for a commit", () => {
    const { facts } = factsOf("pull_request", pullEvent({ merged: false }));
    expect(new Set(facts.map(({ commit }) => commit))).toEqual(new Set([sha]));
  });
});

describe("releases", () => {
  it("are bound to a commit by their tag when they name a branch", () => {
    const { facts, tag } = factsOf("release", releaseEvent({}));
    expect(facts).toEqual([]);
    expect(tag).toMatchObject({ name: "v1", release: { state: "success", production: true } });
  });

  it("are facts of the commit they name", () => {
    const { facts, tag } = factsOf("release", releaseEvent({ target_commitish: sha }));
    expect(facts.map(({ commit, fact }) => [commit, fact.kind])).toEqual([
      [sha, "commit"],
      [sha, "release"],
    ]);
    expect(tag).toBeUndefined();
  });

  it("say nothing while they are drafts", () => {
    const told = factsOf("release", releaseEvent({ draft: true, published_at: null }));
    expect(told).toEqual({ repository: "octo/repo", facts: [] });
  });

  it.each([
    [{ prerelease: true }, "published", "prerelease"],
    [{}, "deleted", "withdrawn"],
  ])("do not count as production: %j %s", (over, action, label) => {
    const { tag } = factsOf("release", releaseEvent(over, action));
    expect(tag?.release).toMatchObject({ label, production: false });
  });
});

describe("deployments", () => {
  it.each([
    ["queued", "pending"],
    ["in_progress", "running"],
    ["success", "success"],
    ["error", "failure"],
  ])("%s is %s", (said, state) => {
    const { facts } = factsOf("deployment_status", statusEvent(said));
    expect(facts.at(-1)?.fact).toMatchObject({ state, startedAtMs: Date.UTC(2026, 0, 1) });
  });

  it("keep their end when a later one makes them inactive", () => {
    expect(factsOf("deployment_status", statusEvent("inactive")).facts).toEqual([]);
  });

  it("are none of production elsewhere", () => {
    const { facts } = factsOf("deployment_status", statusEvent("success", "staging"));
    expect(facts.at(-1)?.fact.production).toBe(false);
  });
});

describe("malformed events", () => {
  it.each([
    ["push", {}, "repository"],
    ["push", { repository, ref: 1 }, "ref"],
    [
      "check_run",
      { repository, check_run: { head_sha: "main", name: "a", status: "b" } },
      "check_run.head_sha",
    ],
    ["deployment", null, "payload"],
  ])("%s %j is refused for its %s", (type, payload, field) => {
    expect(() => factsOf(type, payload)).toThrow(
      expect.objectContaining({ code: "invalid_argument", details: { event: type, field } }),
    );
  });

  it("does not quote the payload", () => {
    const secret = "ghp_secret";
    expect(() => factsOf("push", { repository, ref: "x", head_commit: { id: secret } })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) as unknown }),
    );
  });
});

function pullEvent(over: object): object {
  return {
    action: "closed",
    repository,
    pull_request: {
      number: 7,
      title: "Fix <it>\nnow",
      html_url: "https://github.com/octo/repo/pull/7",
      state: "closed",
      merged: true,
      merge_commit_sha: other,
      updated_at: "2026-01-01T00:00:00Z",
      head: { sha },
      ...over,
    },
  };
}

function releaseEvent(over: object, action = "published"): object {
  return {
    action,
    repository,
    release: {
      id: 1,
      tag_name: "v1",
      target_commitish: "main",
      html_url: "https://github.com/octo/repo/releases/v1",
      draft: false,
      prerelease: false,
      published_at: "2026-01-01T00:00:00Z",
      ...over,
    },
  };
}

function statusEvent(state: string, environment = "production"): object {
  return {
    repository,
    deployment: { id: 5, sha, environment, created_at: "2026-01-01T00:00:00Z" },
    deployment_status: { state, created_at: "2026-01-01T00:05:00+02:00" },
  };
}
