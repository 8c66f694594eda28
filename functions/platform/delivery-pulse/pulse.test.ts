import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStore } from "#shared/state";
import { deliveries } from "./delivery.ts";
import { commitMessage } from "./message.ts";
import { Simulation, type SimulationOptions } from "./testing/simulation.ts";

const repository = { full_name: "octo/repo", html_url: "https://github.com/octo/repo" };
const commits = ["a", "b", "c"].map((digit) => digit.repeat(40));

const scope = {
  tenant: "default",
  traceparent: "",
  event: undefined,
  signal: new AbortController().signal,
};

type Event = { readonly type: string; readonly payload: object };

function push(commit: string): Event {
  const timestamp = "2026-01-01T00:00:00Z";
  const author = { name: "Mona", username: "mona" };
  const head_commit = { id: commit, message: `Change ${commit[0]}`, timestamp, author };
  return { type: "push", payload: { repository, ref: "refs/heads/main", head_commit } };
}

function run(commit: string, status: string, conclusion: string | null, minute: number): Event {
  const at = `2026-01-01T00:0${minute}:00Z`;
  const workflow_run = {
    id: 1,
    name: "CI",
    head_sha: commit,
    status,
    conclusion,
    html_url: "https://github.com/octo/repo/actions/runs/1",
    created_at: "2026-01-01T00:01:00Z",
    updated_at: at,
  };
  return { type: "workflow_run", payload: { repository, workflow_run } };
}

function deployed(commit: string, state: string): Event {
  const deployment = {
    id: 9,
    sha: commit,
    environment: "production",
    created_at: "2026-01-01T00:04:00Z",
  };
  const deployment_status = { state, created_at: "2026-01-01T00:05:00Z" };
  return { type: "deployment_status", payload: { repository, deployment, deployment_status } };
}

const tagged: Event = {
  type: "push",
  payload: {
    repository,
    ref: "refs/tags/v1",
    head_commit: { id: commits[0], message: "Change a", timestamp: "2026-01-01T00:00:00Z" },
  },
};
const released: Event = {
  type: "release",
  payload: {
    repository,
    action: "published",
    release: {
      id: 3,
      tag_name: "v1",
      target_commitish: "main",
      html_url: "https://github.com/octo/repo/releases/v1",
      draft: false,
      prerelease: false,
      published_at: "2026-01-01T00:06:00Z",
    },
  },
};

function lifeOf(commit: string): Event[] {
  return [
    push(commit),
    run(commit, "in_progress", null, 2),
    run(commit, "completed", "success", 3),
    deployed(commit, "success"),
  ];
}

/** What must hold once everything is quiet, whatever happened on the way. */
async function expectOneMessageEach(
  simulation: Simulation,
  told: readonly string[],
): Promise<void> {
  const store = openStore(deliveries, simulation.ports, scope);
  const { items } = await store.list(repository.full_name);
  expect(items.map(({ value }) => value.commit)).toEqual(told.toSorted());
  const expected = items.map(({ value }) => commitMessage(value));
  const shown = simulation.slack.messages.map(({ content }) => content);
  expect(shown.toSorted(byText)).toEqual(expected.toSorted(byText));
  expect(simulation.dead()).toEqual([]);
}

function byText(left: { readonly text: string }, right: { readonly text: string }): number {
  return left.text < right.text ? -1 : 1;
}

async function play(simulation: Simulation, events: readonly Event[], times = 1): Promise<void> {
  for (const [index, { type, payload }] of events.entries()) {
    await simulation.receive(`event-${index}`, type, payload, times);
  }
  await simulation.drain();
}

describe("delivery pulse", () => {
  it("posts one message per commit and updates it as news arrives", async () => {
    const simulation = new Simulation({ seed: 1 });
    const [commit = ""] = commits;
    for (const [index, { type, payload }] of lifeOf(commit).entries()) {
      await simulation.receive(`event-${index}`, type, payload);
      await simulation.drain();
    }
    await expectOneMessageEach(simulation, [commit]);
    expect(simulation.slack.effects).toEqual({
      "slack.post-message": 1,
      "slack.update-message": 3,
    });
    expect(simulation.slack.messages[0]?.content.text).toBe("octo/repo aaaaaaa passed: Change a");
  });

  it("does not call Slack again for events it has seen", async () => {
    const simulation = new Simulation({ seed: 1 });
    const [commit = ""] = commits;
    await play(simulation, lifeOf(commit));
    const before = { ...simulation.slack.effects };
    await play(simulation, lifeOf(commit), 3);
    expect(simulation.slack.effects).toEqual(before);
  });

  it.each([
    ["tag first", [tagged, released]],
    ["release first", [released, tagged]],
  ])("binds a release to the commit of its tag: %s", async (_, events) => {
    const simulation = new Simulation({ seed: 1 });
    const [commit = ""] = commits;
    await play(simulation, events);
    await expectOneMessageEach(simulation, [commit]);
    expect(simulation.slack.messages[0]?.content.blocks[0]?.text.text).toContain(
      "*Releases* :white_check_mark: <https://github.com/octo/repo/releases/v1|v1> (published)",
    );
  });

  it("puts a malformed event aside with the field that is wrong", async () => {
    const simulation = new Simulation({ seed: 1 });
    await play(simulation, [{ type: "push", payload: { repository, ref: 5 } }]);
    expect(simulation.dead()).toHaveLength(1);
    const reasons = simulation.memory.telemetry.logs.map(({ fields }) => fields["reason"]);
    expect(reasons).toContainEqual(expect.stringContaining("the push event's ref does not fit"));
  });

  it("acknowledges an event that carries no commit", async () => {
    const simulation = new Simulation({ seed: 1 });
    await play(simulation, [
      { type: "push", payload: { repository, ref: "x", head_commit: null } },
    ]);
    expect(simulation.dead()).toEqual([]);
    expect(simulation.slack.messages).toEqual([]);
  });

  it("survives a kill at every single step", async () => {
    const [commit = ""] = commits;
    const events = [...lifeOf(commit).slice(0, 2), tagged, released];
    const undisturbed = new Simulation({ seed: 7 });
    await play(undisturbed, events, 2);
    await expectOneMessageEach(undisturbed, [commit]);
    expect(undisturbed.steps).toBeGreaterThan(50);
    for (let step = 1; step <= undisturbed.steps; step += 1) {
      const simulation = new Simulation({ seed: 7, kills: [step] });
      await play(simulation, events, 2);
      await expectOneMessageEach(simulation, [commit]);
    }
  });

  const seed = fc.integer();
  const slackFailures = fc.constantFrom(0, 0.2, 0.6);
  const stalls = fc.constantFrom(0, 0.01, 0.03);
  const kills = fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 12 });
  const lateCall = fc.integer({ min: 1, max: 12 });

  it.each<[string, fc.Arbitrary<SimulationOptions>]>([
    ["kills and a slow, failing Slack", fc.record({ seed, slackFailures, stalls, kills })],
    ["a call made too late", fc.record({ seed, slackFailures, lateCall })],
  ])(
    "holds under %s, duplicates, disorder and concurrency",
    async (_, options) => {
      const events = [...commits.flatMap(lifeOf), tagged, released];
      const plan = fc.record({
        options,
        times: fc.integer({ min: 1, max: 3 }),
        events: fc.shuffledSubarray(events, { minLength: 1 }),
      });
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(plan, async (given) => {
          const simulation = new Simulation(given.options);
          await play(simulation, given.events, given.times);
          const told = given.events.filter((event) => event !== released).map(commitOf);
          await expectOneMessageEach(simulation, [...new Set(told)]);
          runs += 1;
        }),
        { numRuns: 300 },
      );
      expect(runs).toBeGreaterThanOrEqual(300);
    },
    120_000,
  );
});

function commitOf(event: Event): string {
  const found = commits.find((commit) => JSON.stringify(event).includes(commit));
  if (found === undefined) throw new Error("the event names no commit");
  return found;
}
