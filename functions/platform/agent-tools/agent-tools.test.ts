import { Fault } from "#shared/errors";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  AgentWorld,
  CANARY,
  digestOf,
  pending,
  policy,
  read,
  show,
  withAgent,
} from "./testing/agent-world.ts";

const codeOf = ({ status, json }: { status: number; json: unknown }): unknown => [
  status,
  z.object({ code: z.string() }).parse(json).code,
];
describe("permissions", () => {
  it("give a token once, keep it as a digest, and know the agent by it", async () => {
    const world = new AgentWorld();
    const path = "/v1/agents/permissions/helper";
    const { json } = await world.call("PUT", path, policy);
    const { token } = z.object({ token: z.string() }).parse(json);
    expect(json).toMatchObject({ agent: "helper", policy, updatedBy: "ada" });
    expect(token).toMatch(/^agt_helper\.[\w-]{43}$/);
    expect(world.written.join()).not.toContain(token.slice(11));
    const open = (agent: string, of: string, key = "key-a") =>
      world.call("POST", "/v1/agents/sessions", { agent, digest: digestOf(of) }, key);
    expect(await open("helper", token)).toMatchObject({ status: 200, json: { policy } });
    expect(codeOf(await open("helper", `${token}x`))).toEqual([401, "unauthenticated"]);
    expect(codeOf(await open("other", token))).toEqual([401, "unauthenticated"]);
    // A tenant's agent is nobody at another's.
    expect(codeOf(await open("helper", token, "key-b"))).toEqual([401, "unauthenticated"]);

    const changed = await world.call("PUT", path, { ...policy, callsPerDay: 9 });
    expect(changed.text).not.toContain("token");
    expect((await open("helper", token)).json).toMatchObject({ policy: { callsPerDay: 9 } });
    await world.call("PUT", path, { ...policy, rotateToken: true });
    expect((await open("helper", token)).status).toBe(401);
    expect((await world.call("GET", "/v1/agents/permissions")).json).toMatchObject({
      items: [{ agent: "helper" }],
    });
    expect((await world.call("DELETE", path)).status).toBe(204);
    expect(codeOf(await world.call("GET", path))).toEqual([404, "not_found"]);
    expect(codeOf(await world.call("DELETE", path))).toEqual([404, "not_found"]);
  });

  it.each([
    ["helper", { tools: ["*"] }, "tools.0"],
    ["helper", { ...policy, callsPerDay: 0 }, "callsPerDay"],
    ["helper", { ...policy, extra: 1 }, "extra"],
    ["helper", {}, "tools"],
    ["No_Name", policy, "agent"],
  ])("of %s refuse %j", async (agent, given, field) => {
    const answer = await new AgentWorld().call("PUT", `/v1/agents/permissions/${agent}`, given);
    expect(codeOf(answer)).toEqual([400, "invalid_argument"]);
    expect(answer.text).toContain(field);
  });

  it("are not given to oneself", async () => {
    const answer = await new AgentWorld().call("PUT", "/v1/agents/permissions/ada", policy);
    expect(codeOf(answer)).toEqual([403, "permission_denied"]);
  });

  it("are another tenant's own", async () => {
    const world = await withAgent();
    expect((await world.call("GET", "/v1/agents/permissions", undefined, "key-b")).json).toEqual({
      items: [],
    });
    const id = await pending(world);
    for (const target of [`approvals/${id}`, "permissions/helper"]) {
      const answer = await world.call("GET", `/v1/agents/${target}`, undefined, "key-b");
      expect(codeOf(answer)).toEqual([404, "not_found"]);
    }
    const approve = `/v1/agents/approvals/${id}/approve`;
    expect((await world.call("POST", approve, undefined, "key-b")).status).toBe(404);
    for (const target of ["approvals", "audit/helper"]) {
      const { json } = await world.call("GET", `/v1/agents/${target}`, undefined, "key-b");
      expect(json).toEqual({ items: [], cursor: null });
    }
    expect(world.take()).toEqual([]);
  });
});

describe("a call", () => {
  it("is judged, counted and written down with its end", async () => {
    const world = await withAgent();
    const begin = (over = {}) => world.call("POST", "/v1/agents/calls", { ...read, ...over });
    const { json } = await begin();
    const { call } = z.object({ verdict: z.literal("run"), call: z.string() }).parse(json);
    const path = `/v1/agents/calls/${encodeURIComponent(call)}/end`;
    const end = { agent: "helper", outcome: "ok", code: null, run: "r-1", costUsd: 0.5 };
    expect((await world.call("POST", path, end)).status).toBe(204);
    await world.call("POST", path, { ...end, outcome: "failed" });
    expect(codeOf(await begin({ tool: "firestore.get" }))).toEqual([403, "permission_denied"]);
    expect(codeOf(await begin({ connection: "other" }))).toEqual([403, "permission_denied"]);
    await begin();
    await begin();
    expect(codeOf(await begin())).toEqual([429, "resource_exhausted"]);
    expect(codeOf(await begin({ agent: "nobody" }))).toEqual([404, "not_found"]);
    world.memory.clock.advance(86_400_000);
    expect((await begin()).status).toBe(200);
    const audit = await world.call("GET", "/v1/agents/audit/helper?limit=100");
    const { items } = z.object({ items: z.array(z.looseObject({})) }).parse(audit.json);
    expect(items).toHaveLength(7);
    const rows = items.toSorted((a, b) => String(a["outcome"]).localeCompare(String(b["outcome"])));
    expect(rows.map(({ outcome, code }) => [outcome, code])).toEqual(
      expect.arrayContaining([
        ["denied", "not-granted"],
        ["denied", "connection"],
        ["denied", "calls-used-up"],
        ["started", null],
      ]),
    );
    expect(rows).toContainEqual(expect.objectContaining({ outcome: "ok", costUsd: 0.5 }));
    expect(rows).not.toContainEqual(expect.objectContaining({ outcome: "failed" }));
  });

  it("that comes with others at once does not pass the day's calls", async () => {
    const world = await withAgent();
    const all = Array.from({ length: 8 }, () => world.call("POST", "/v1/agents/calls", read));
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });
});

describe("an approval", () => {
  it("runs once, however often it is given and its message comes", async () => {
    const world = await withAgent();
    const id = await pending(world);
    expect(await show(world, id)).toMatchObject({ status: "pending", input: { text: CANARY } });
    const approve = () => world.call("POST", `/v1/agents/approvals/${id}/approve`);
    expect((await approve()).json).toMatchObject({ status: "approved", decidedBy: "ada" });
    expect((await approve()).status).toBe(200);
    const messages = world.take();
    expect(messages).toHaveLength(2);
    await Promise.all([world.deliver(messages), world.deliver(messages)]);
    await world.deliver(messages, 2);
    expect([...world.effects]).toEqual([[`approval-${id}`, 1]]);
    const mine = await show(world, id, "?agent=helper");
    expect(mine).toMatchObject({ status: "done", result: { ts: `answer ${CANARY}` } });
    expect(mine["input"]).toBeUndefined();
    expect((await approve()).json).toMatchObject({ status: "done" });
    const foreign = await world.call("GET", `/v1/agents/approvals/${id}?agent=other`);
    expect(codeOf(foreign)).toEqual([404, "not_found"]);
    const refuse = await world.call("POST", `/v1/agents/approvals/${id}/refuse`);
    expect(codeOf(refuse)).toEqual([412, "failed_precondition"]);
  });

  it("is had by one run at a time, and a run that was given up changes nothing any more", async () => {
    const started: PromiseWithResolvers<object>[] = [];
    const world = await withAgent(() => {
      started.push(Promise.withResolvers());
      return started.at(-1)?.promise;
    });
    const id = await pending(world);
    await world.call("POST", `/v1/agents/approvals/${id}/approve`);
    const messages = world.take();
    const first = world.deliver(messages);
    await expect.poll(() => started).toHaveLength(1);
    await world.deliver(messages, 2);
    expect(started).toHaveLength(1);
    world.memory.clock.advance(120_000);
    const second = world.deliver(messages, 3);
    await expect.poll(() => started).toHaveLength(2);
    started[0]?.resolve({ run: "first" });
    await first;
    expect(await show(world, id)).toMatchObject({ status: "running" });
    started[1]?.resolve({ run: "second" });
    await second;
    expect(await show(world, id)).toMatchObject({ status: "done", result: { run: "second" } });
  });

  it("that is refused or has expired never runs", async () => {
    const world = await withAgent();
    const [refused, late] = [await pending(world), await pending(world)];
    const decide = (id: string, how: string) =>
      world.call("POST", `/v1/agents/approvals/${id}/${how}`);
    expect((await decide(refused, "refuse")).json).toMatchObject({ status: "refused" });
    expect((await decide(refused, "refuse")).status).toBe(200);
    expect(codeOf(await decide(refused, "approve"))).toEqual([412, "failed_precondition"]);
    expect(codeOf(await decide(late, "consider"))).toEqual([404, "not_found"]);
    world.memory.clock.advance(86_400_000);
    expect(await show(world, late)).toMatchObject({ status: "expired" });
    expect(codeOf(await decide(late, "approve"))).toEqual([412, "failed_precondition"]);
    expect(world.take()).toEqual([]);
    expect(codeOf(await decide("none", "approve"))).toEqual([404, "not_found"]);
  });

  it("is nobody's own to give", async () => {
    const world = await withAgent();
    const id = await pending(world);
    const own = await world.call("POST", `/v1/agents/approvals/${id}/approve`, undefined, "key-a2");
    expect(codeOf(own)).toEqual([403, "permission_denied"]);
    expect(world.take()).toEqual([]);
  });

  it("counts for nothing once the permission is taken back", async () => {
    const world = await withAgent();
    const id = await pending(world);
    await world.call("POST", `/v1/agents/approvals/${id}/approve`);
    await world.call("DELETE", "/v1/agents/permissions/helper");
    await world.deliver(world.take());
    expect(world.effects.size).toBe(0);
    expect(await show(world, id)).toMatchObject({
      status: "failed",
      fault: { code: "permission_denied" },
    });
  });

  it("is tried again after what passes, and not where the effect is unknown", async () => {
    const faults = [
      new Fault("unavailable", "slack: away", { origin: "upstream" }),
      new Fault("deadline_exceeded", "slack: late", { details: { outcome: "unknown" } }),
    ];
    const world = await withAgent(() => {
      throw faults.shift() ?? new Error(CANARY);
    });
    const id = await pending(world);
    await world.call("POST", `/v1/agents/approvals/${id}/approve`);
    const messages = world.take();
    await world.deliver(messages);
    expect(await show(world, id)).toMatchObject({ status: "approved", fault: null });
    await world.deliver(messages, 2);
    const ended = { status: "failed", fault: { code: "deadline_exceeded" } };
    expect(await show(world, id)).toMatchObject(ended);
    await world.deliver(messages, 3);
    expect(await show(world, id)).toMatchObject(ended);
  });

  it("leaves no secret of its input or answer in what is stored, logged, listed or audited", async () => {
    const world = await withAgent();
    const id = await pending(world);
    await world.call("POST", `/v1/agents/approvals/${id}/approve`);
    await world.deliver(world.take());
    expect(await show(world, id)).toMatchObject({ status: "done" });
    const lists = await Promise.all(
      ["approvals", "audit/helper", "permissions"].map((target) =>
        world.call("GET", `/v1/agents/${target}`),
      ),
    );
    const { logs, metrics, spans } = world.memory.telemetry;
    const trail = JSON.stringify([world.written, lists, logs, metrics, spans]);
    expect(trail).toContain(id);
    expect(trail).not.toContain(CANARY);
    const audit = z.object({ items: z.array(z.looseObject({})) }).parse(lists[1]?.json);
    expect(
      audit.items.map(({ outcome, who }) => `${String(outcome)} ${String(who)}`).toSorted(),
    ).toEqual(["approved ada", "ok helper", "pending helper"]);
  });
});
