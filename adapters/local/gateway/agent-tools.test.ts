import { AgentPolicy } from "#shared/agents";
import { Fault } from "#shared/errors";
import type { HttpOutput } from "#shared/function";
import { describe, expect, it } from "vitest";
import type { AgentDesk, EndedCall } from "./agent-desk.ts";
import { callAsAgent } from "./agent-tools.ts";

const agent = { agent: "helper", policy: AgentPolicy.parse({ tools: ["slack.*"] }) };
const called = {
  integration: "slack",
  action: "auth-test",
  effect: "read",
  connection: "default",
  input: {},
} as const;

function deskOf(begun: Awaited<ReturnType<AgentDesk["begin"]>>) {
  const ended: EndedCall[] = [];
  const desk: AgentDesk = {
    session: async () => agent,
    begin: async () => begun,
    end: async (call) => void ended.push(call),
    approval: async (name, id) => ({ output: { name, id } }),
  };
  return { desk, ended };
}

function answer(status: number, body: object): HttpOutput {
  const headers = { "x-auterity-run": "run-1", "x-auterity-cost-usd": "0.000001" };
  return { status, headers, cookies: [], body: JSON.stringify(body) };
}

const running = { output: { verdict: "run", call: "c-1" } } as const;
const unknown = { run: null, costUsd: null };
const known = { run: "run-1", costUsd: 0.000001 };

describe("an agent's call", () => {
  it.each([
    [answer(200, { ok: true }), { output: { ok: true } }, "ok", null],
    [
      answer(502, { code: "unavailable" }),
      { problem: { code: "unavailable" } },
      "failed",
      "unavailable",
    ],
  ] as const)(
    "%# is written down with its run and its cost",
    async (said, given, outcome, code) => {
      const { desk, ended } = deskOf(running);
      expect(await callAsAgent(desk, agent, { ...called, run: async () => said })).toEqual(given);
      expect(ended).toEqual([{ agent: "helper", call: "c-1", outcome, code, ...known }]);
    },
  );

  it("that the tenant's budget refuses is written down as failed", async () => {
    const { desk, ended } = deskOf(running);
    const refused = new Fault("resource_exhausted", "routing.budget: is used up");
    const run = () => Promise.reject(refused);
    await expect(callAsAgent(desk, agent, { ...called, run })).rejects.toBe(refused);
    const end = { outcome: "failed", code: "resource_exhausted", ...unknown };
    expect(ended).toEqual([{ agent: "helper", call: "c-1", ...end }]);
  });

  it.each([
    [{ problem: { code: "permission_denied" } }, { problem: { code: "permission_denied" } }],
    [
      { output: { verdict: "pending", approval: { id: "a-1" } } },
      { output: expect.objectContaining({ status: "pending", approvalId: "a-1" }) },
    ],
  ] as const)("%# that is denied or has to wait is not made", async (begun, given) => {
    const { desk, ended } = deskOf(begun);
    let made = false;
    const run = async () => {
      made = true;
      return answer(200, {});
    };
    expect(await callAsAgent(desk, agent, { ...called, run })).toEqual(given);
    expect(made).toBe(false);
    expect(ended).toEqual([]);
  });
});
