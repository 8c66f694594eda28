import { describe, expect, it } from "vitest";
import { AgentPolicy, judge, mayBeListed } from "./policy.ts";

const policy = AgentPolicy.parse({
  tools: ["slack.*", "firestore.get-document", "firestore.set-document"],
  readOnly: false,
  approve: ["firestore.*", "slack.delete-message"],
  connections: ["default", "bot"],
  callsPerDay: 2,
});
const readOnly = { ...policy, readOnly: true };
const allowed = { connection: "default", callsToday: 0 };

describe("the verdict on a call", () => {
  it.each([
    [policy, "slack.auth-test", "read", {}, "run"],
    [policy, "slack.post-message", "write", {}, "run"],
    [policy, "slack.post-message", "write", { connection: "bot" }, "run"],
    [policy, "slack.post-message", "write", { connection: "other" }, "connection"],
    [policy, "slack.post-message", "write", { callsToday: 1 }, "run"],
    [policy, "slack.post-message", "write", { callsToday: 2 }, "calls-used-up"],
    [policy, "slack.delete-message", "write", {}, "ask"],
    [policy, "firestore.set-document", "write", {}, "ask"],
    [policy, "firestore.set-document", "write", { callsToday: 2 }, "calls-used-up"],
    [policy, "firestore.get-document", "read", {}, "run"],
    [policy, "firestore.delete-document", "write", {}, "not-granted"],
    [policy, "slack-enterprise.post-message", "write", {}, "not-granted"],
    [policy, "docker-hub.list-tags", "read", {}, "not-granted"],
    [policy, "slack", "read", {}, "run"],
    [policy, "", "read", {}, "not-granted"],
    [readOnly, "slack.auth-test", "read", {}, "run"],
    [readOnly, "slack.post-message", "write", {}, "read-only"],
    [readOnly, "firestore.set-document", "write", {}, "read-only"],
    [readOnly, "docker-hub.delete-tag", "write", {}, "not-granted"],
  ] as const)("%# of %s", (given, tool, effect, over, expected) => {
    const verdict = judge(given, { tool, effect, ...allowed, ...over });
    expect(verdict.kind === "deny" ? verdict.reason : verdict.kind).toBe(expected);
  });

  it("lists what some call could do, and nothing else", () => {
    const at = { ...policy, connections: ["bot"] };
    expect(mayBeListed(at, { tool: "slack.delete-message", effect: "write" })).toBe(true);
    expect(mayBeListed({ ...at, readOnly: true }, { tool: "slack.a", effect: "write" })).toBe(
      false,
    );
    expect(mayBeListed(at, { tool: "docker-hub.a", effect: "read" })).toBe(false);
  });
});

describe("a policy", () => {
  it("leaves out to the careful side", () => {
    expect(AgentPolicy.parse({ tools: ["slack.*"] })).toEqual({
      tools: ["slack.*"],
      readOnly: true,
      approve: [],
      connections: ["default"],
      callsPerDay: 1_000,
    });
  });

  it.each([
    { tools: [] },
    { tools: ["*"] },
    { tools: ["*.*"] },
    { tools: ["slack.post-*"] },
    { tools: ["slack"] },
    { tools: ["slack.*"], callsPerDay: 0 },
    { tools: ["slack.*"], connections: [] },
    { tools: ["slack.*"], readonly: false },
  ])("refuses %j", (given) => {
    expect(AgentPolicy.safeParse(given).success).toBe(false);
  });
});
