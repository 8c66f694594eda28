import { describe, expect, it } from "vitest";
import type { Ending } from "./deployment.ts";
import { type CloudName, samplePipeline, type strategies, targets } from "./testing/sample.ts";
import { Simulation } from "./testing/simulation.ts";

type StrategyName = keyof typeof strategies;
const clouds: CloudName[] = ["aws-lambda", "azure-functions", "cloud-functions"];
const every = clouds.flatMap((cloud) =>
  (["rolling", "blue-green", "canary"] as const).map((strategy) => [cloud, strategy] as const),
);
const shares: Readonly<Record<StrategyName, readonly number[]>> = {
  rolling: [25, 50, 75, 100],
  "blue-green": [100],
  canary: [5, 25, 100],
};

async function deploy(
  cloud: CloudName,
  strategy: StrategyName,
  options: ConstructorParameters<typeof Simulation>[0] = {},
  change: (simulation: Simulation) => void = () => undefined,
): Promise<Simulation> {
  const simulation = new Simulation(options);
  simulation.vendors.conclusion = "success";
  change(simulation);
  await simulation.configure(samplePipeline(cloud, strategy));
  await simulation.push();
  await simulation.run(6_000);
  return simulation;
}

/** What must hold at the end, whatever happened on the way. */
async function expectEnd(simulation: Simulation, ending: Ending): Promise<void> {
  const [row, ...others] = await simulation.deployments();
  expect(others).toEqual([]);
  expect(row?.step).toEqual({ kind: "over", ending });
  expect(row?.lease).toBeUndefined();
  const [head, ...replies] = simulation.vendors.messages;
  expect(head?.text).toContain(`v2: ${ending}`);
  // One thread, each notice once and in order.
  expect(replies.map(({ threadTs }) => threadTs)).toEqual(replies.map(() => head?.ts));
  const plain = row?.notices.map((notice, at) => `${at + 1}. ${notice.replaceAll(">", "&gt;")}`);
  expect(replies.map(({ text }) => text)).toEqual(plain);
  expect(simulation.dead()).toEqual([]);
}

function times(simulation: Simulation, action: string): number {
  return simulation.effects.filter((effect) => effect.action === action).length;
}

describe("a deployment", () => {
  it.each(every)("succeeds on %s: %s", async (cloud, strategy) => {
    const simulation = await deploy(cloud, strategy);
    await expectEnd(simulation, "succeeded");
    const { vendors } = simulation;
    const unique = vendors.percents.filter((percent, at, all) => percent !== all[at - 1]);
    // A swap under a split slot turns the parts round for the moment until the split is taken away.
    const told = cloud === "azure-functions" ? new Set([...unique, 100]) : new Set(unique);
    for (const percent of shares[strategy]) expect(told).toContain(percent);
    expect(vendors.percents.at(-1)).toBe(100);
    expect(times(simulation, "github-actions.dispatch-workflow")).toBe(1);
    expect(times(simulation, "azure-functions.swap-slots")).toBe(
      cloud === "azure-functions" ? 1 : 0,
    );
  });

  it.each(every)(
    "goes back by itself when it turns unwell with traffic on %s: %s",
    async (cloud, strategy) => {
      const simulation = await deploy(cloud, strategy, {}, ({ vendors }) => {
        vendors.isHealthy = () => vendors.percents.at(-1) !== shares[strategy].at(-1);
      });
      await expectEnd(simulation, "rolled-back");
      const { vendors } = simulation;
      expect(vendors.percents.at(-1)).toBe(0);
      expect(vendors.slots).toEqual({ production: "v1", staging: "v2" });
      expect(vendors.slotTraffic).toEqual([]);
      expect(vendors.alias).toEqual({ version: "1", canary: null });
      expect(vendors.messages[0]?.text).toContain(":rewind:");
      const texts = vendors.messages.map(({ text }) => text);
      expect(texts).toContainEqual(expect.stringContaining("Failed at watch: Unhealthy"));
    },
  );

  it.each(clouds)("gives a release that is not well no traffic on %s", async (cloud) => {
    const simulation = await deploy(cloud, "canary", {}, ({ vendors }) => {
      vendors.isHealthy = () => false;
    });
    await expectEnd(simulation, "failed");
    expect(simulation.vendors.percents).toEqual([]);
  });

  it.each(clouds)("shifts nothing for an image that is not trusted on %s", async (cloud) => {
    const simulation = await deploy(cloud, "blue-green", {}, ({ vendors }) => {
      vendors.trusted = false;
    });
    await expectEnd(simulation, "failed");
    const cloudCalls = simulation.calls.filter(({ action }) => action.startsWith(cloud));
    expect(cloudCalls).toEqual([]);
    const texts = simulation.vendors.messages.map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringContaining("is not trusted (unsigned)"));
  });

  it("swaps no slot that somebody has put another release into", async () => {
    let looks = 0;
    const simulation = await deploy("azure-functions", "blue-green", {}, ({ vendors }) => {
      vendors.isHealthy = () => {
        looks += 1;
        if (looks === 2) vendors.slots.staging = "v3";
        return true;
      };
    });
    await expectEnd(simulation, "rolled-back");
    expect(times(simulation, "azure-functions.swap-slots")).toBe(0);
    expect(simulation.vendors.slots).toEqual({ production: "v1", staging: "v3" });
  });

  it("ends with a build that fails", async () => {
    const simulation = await deploy("aws-lambda", "canary", {}, ({ vendors }) => {
      vendors.conclusion = "failure";
    });
    await expectEnd(simulation, "failed");
    expect(simulation.calls.filter(({ action }) => /^(?:docker|aws)/.test(action))).toEqual([]);
  });

  it("goes on at once when the event says that the build is over, and believes only GitHub", async () => {
    const simulation = new Simulation();
    await simulation.configure(samplePipeline("aws-lambda", "blue-green"));
    await simulation.push();
    await simulation.run(20);
    const repository = { full_name: "octo/shop" };
    const workflow_run = { id: 71, conclusion: "success" };
    await simulation.receive("run-1", "workflow_run", {
      repository,
      action: "completed",
      workflow_run,
    });
    await simulation.run(10);
    expect((await simulation.deployments())[0]?.step.kind).toBe("build");
    simulation.vendors.conclusion = "success";
    await simulation.receive("run-2", "workflow_run", {
      repository,
      action: "completed",
      workflow_run,
    });
    await simulation.run(10);
    expect((await simulation.deployments())[0]?.step.kind).toBe("watch");
  });

  it("is one, however often its tag is told and its messages come", async () => {
    const simulation = new Simulation({ copies: 3 });
    simulation.vendors.conclusion = "success";
    await simulation.configure(samplePipeline("azure-functions", "canary"));
    await simulation.push("push-1");
    await simulation.push("push-2");
    await simulation.run(8_000);
    await expectEnd(simulation, "succeeded");
    const keys = simulation.effects.map(({ action, key }) => `${action} ${key}`);
    const keyed = keys.filter((key) => !key.endsWith(" "));
    expect(new Set(keyed).size).toBe(keyed.length);
  });

  it("waits for the one that has the target", async () => {
    const simulation = new Simulation();
    const { vendors } = simulation;
    vendors.conclusion = "success";
    await simulation.configure(samplePipeline("aws-lambda", "canary"));
    await simulation.push("push-1", "a".repeat(40));
    await simulation.push("push-2", "b".repeat(40));
    await simulation.run(8_000);
    const rows = await simulation.deployments();
    const steps = rows.map(({ step }) => step);
    expect(steps).toContainEqual({ kind: "over", ending: "succeeded" });
    // The same code: the second one finds its version live already.
    expect(steps).toContainEqual({ kind: "over", ending: "failed" });
    expect(vendors.percents).toEqual([5, 25, 100]);
  });

  it("puts an event aside that is none, and leaves branches and other tags alone", async () => {
    const simulation = new Simulation();
    await simulation.configure(samplePipeline("aws-lambda", "canary"));
    const push = { repository: { full_name: "octo/shop" }, after: "c".repeat(40) };
    await simulation.receive("1", "push", { ...push, ref: "refs/heads/v2" });
    await simulation.receive("2", "push", { ...push, ref: "refs/tags/nightly" });
    await simulation.receive("3", "push", { ...push, ref: "refs/tags/v2", deleted: true });
    await simulation.receive("4", "push", { ...push, ref: 5 });
    await simulation.run(60);
    expect(await simulation.deployments()).toEqual([]);
    expect(simulation.dead()).toHaveLength(1);
  });
});

describe("a death at every single step", () => {
  const cases = clouds.flatMap((cloud) => [
    [cloud, "succeeded"] as const,
    [cloud, "rolled-back"] as const,
  ]);

  it.each(cases)(
    "changes nothing on %s: %s",
    async (cloud, ending) => {
      const sick = ({ vendors }: Simulation): void => {
        if (ending === "rolled-back") vendors.isHealthy = () => vendors.percents.at(-1) !== 100;
      };
      const undisturbed = await deploy(cloud, "blue-green", {}, sick);
      await expectEnd(undisturbed, ending);
      expect(undisturbed.steps).toBeGreaterThan(100);
      for (let kill = 1; kill <= undisturbed.steps; kill += 1) {
        const simulation = await deploy(cloud, "blue-green", { kill }, sick);
        await expectEnd(simulation, ending);
        expectOnce(simulation, ending);
      }
    },
    120_000,
  );
});

/** What no repeat can undo took place once; all else may be repeated with the key and the input that it had. */
function expectOnce(simulation: Simulation, ending: Ending): void {
  const { effects, vendors } = simulation;
  expect(times(simulation, "github-actions.dispatch-workflow")).toBe(1);
  const swaps = times(simulation, "azure-functions.swap-slots");
  const there = vendors.slots.production === "v1" ? [0, 2] : [1];
  expect(there).toContain(swaps);
  expect(vendors.percents.at(-1)).toBe(ending === "rolled-back" ? 0 : 100);
  const inputs = new Map<string, unknown>();
  for (const { action, key, input } of effects) {
    if (action === "slack.update-message") continue;
    expect(key).not.toBe("");
    const known = inputs.get(`${action} ${key}`);
    expect(input).toEqual(known ?? input);
    inputs.set(`${action} ${key}`, input);
  }
  expect([...new Set(vendors.percents)]).toHaveLength(ending === "rolled-back" ? 2 : 1);
}

it("knows every cloud", () => {
  expect(clouds).toEqual(Object.keys(targets));
});
