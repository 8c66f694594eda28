import { bodyText, type FunctionDefinition, type HttpOutput } from "#shared/function";
import { bindFunction } from "#shared/host";
import { memoryToken } from "#shared/testing";
import { describe, expect, it } from "vitest";
import { pulseDigest, pulseSettings, pulseState } from "./index.ts";
import { Simulation } from "./testing/simulation.ts";

const meta = { id: "call-0001", remainingMs: () => 60_000 };
const hour = 3_600_000;

function deployed(name: string, commit: string, atMs: number, state = "success"): object {
  const at = new Date(atMs).toISOString();
  return {
    repository: { full_name: name, html_url: `https://github.com/${name}` },
    deployment: { id: atMs, sha: commit.repeat(40), environment: "production", created_at: at },
    deployment_status: { state, created_at: at },
  };
}

async function post(
  simulation: Simulation,
  definition: FunctionDefinition,
  body: unknown,
): Promise<{ status: number; answer: unknown }> {
  const output: HttpOutput = await bindFunction(definition, simulation.ports, "test").http(
    {
      method: "POST",
      path: `/v1/functions/${definition.name}`,
      query: "",
      headers: { authorization: `Bearer ${memoryToken}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      clientIp: undefined,
    },
    meta,
  );
  return { status: output.status, answer: JSON.parse(bodyText(output)) as unknown };
}

async function tick(simulation: Simulation, slotMs: number, firedAtMs = slotMs): Promise<void> {
  await bindFunction(pulseDigest, simulation.ports, "test").tick({ slotMs, firedAtMs }, meta);
  await simulation.drain();
}

async function busyDay(): Promise<{ simulation: Simulation; slotMs: number }> {
  const simulation = new Simulation({ seed: 3 });
  const nowMs = simulation.ports.clock.now();
  for (const [index, name] of ["octo/one", "octo/two"].entries()) {
    const payload = deployed(name, "a", nowMs - hour + index, index === 0 ? "failure" : "success");
    await simulation.receive(`event-${index}`, "deployment_status", payload);
  }
  await simulation.drain();
  simulation.slack.messages.length = 0;
  return { simulation, slotMs: nowMs + 2 * hour };
}

describe("pulse-digest", () => {
  it("posts one digest per repository with news, however often the slot fires", async () => {
    const { simulation, slotMs } = await busyDay();
    await tick(simulation, slotMs);
    await tick(simulation, slotMs, slotMs + 3 * hour);
    const texts = simulation.slack.messages.map(({ content }) => content.text);
    const day = new Date(slotMs).toISOString().slice(0, 10);
    expect(texts.toSorted()).toEqual([
      `Deliveries of octo/one, ${day}`,
      `Deliveries of octo/two, ${day}`,
    ]);
    expect(simulation.dead()).toEqual([]);
  });

  it("is silent once there is no news", async () => {
    const { simulation, slotMs } = await busyDay();
    await tick(simulation, slotMs + 48 * hour);
    expect(simulation.slack.messages).toEqual([]);
  });
});

describe("pulse-state", () => {
  it("answers the latest deliveries and how the repository is doing", async () => {
    const simulation = new Simulation({ seed: 3 });
    const nowMs = simulation.ports.clock.now();
    for (const [index, commit] of ["a", "b", "c"].entries()) {
      const payload = deployed(
        "octo/one",
        commit,
        nowMs - (3 - index) * hour,
        index === 1 ? "failure" : "success",
      );
      await simulation.receive(`event-${index}`, "deployment_status", payload);
      await simulation.drain();
    }
    const { status, answer } = await post(simulation, pulseState, {
      repository: "octo/one",
      limit: 2,
    });
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      repository: "octo/one",
      deliveries: [
        { commit: "c".repeat(40), state: "success" },
        { commit: "b".repeat(40), state: "failure" },
      ],
      metrics: { basis: "deployments", finished: 3, failed: 1, recoverMs: hour },
    });
  });

  it("answers one commit, and nothing for one it does not know", async () => {
    const { simulation } = await busyDay();
    const known = await post(simulation, pulseState, {
      repository: "octo/one",
      commit: "a".repeat(40),
    });
    expect(known.answer).toMatchObject({
      deliveries: [
        { state: "failure", version: 1, facts: [{ kind: "commit" }, { kind: "deployment" }] },
      ],
    });
    const unknown = await post(simulation, pulseState, { repository: "octo/one", commit: "b" });
    expect(unknown.answer).toEqual({ repository: "octo/one", deliveries: [] });
  });

  it("refuses what is no repository", async () => {
    const { status } = await post(new Simulation({ seed: 1 }), pulseState, { repository: "octo" });
    expect(status).toBe(400);
  });
});

describe("pulse-settings", () => {
  it("sends a repository's messages to its channel, and others to the default", async () => {
    const simulation = new Simulation({ seed: 3 });
    const body = { repository: "octo/one", channel: "C0123456789" };
    expect(await post(simulation, pulseSettings, body)).toEqual({ status: 200, answer: body });
    for (const name of ["octo/one", "octo/two"]) {
      await simulation.receive(name, "deployment_status", deployed(name, "a", 0));
    }
    await simulation.drain();
    expect(simulation.slack.posts.toSorted()).toEqual(["#deliveries", "C0123456789"]);
  });

  it.each(["deliveries", "<!here>", "C1"])("refuses %s", async (channel) => {
    const body = { repository: "octo/one", channel };
    const { status } = await post(new Simulation({ seed: 1 }), pulseSettings, body);
    expect(status).toBe(400);
  });
});
