import { readdirSync } from "node:fs";
import type { Integration } from "#shared/integration";
import { describe, expect, it } from "vitest";
import { samplePipeline, strategies, targets } from "./deploy/testing/sample.ts";
import { Simulation } from "./deploy/testing/simulation.ts";

const integrations = new URL("../integrations/", import.meta.url);

async function actionOf(id: string): Promise<Integration["actions"][string]> {
  const [integration = "", name = ""] = id.split(".");
  const module = (await import(new URL(`${integration}/index.ts`, integrations).href)) as {
    readonly default: Integration;
  };
  const action = module.default.actions[name];
  if (action === undefined) throw new Error(`there is no action ${id}`);
  return action;
}

const known = new Set(readdirSync(integrations));
const cases = (Object.keys(targets) as (keyof typeof targets)[]).filter((cloud) =>
  known.has(cloud),
);

/** The recipe's view of an action is its own: here it is held to what the integrations take. */
describe("what a deployment asks of integrations", () => {
  it.each(cases)("fits their actions: %s", async (cloud) => {
    const asked = new Set<string>();
    for (const strategy of Object.keys(strategies) as (keyof typeof strategies)[]) {
      const simulation = new Simulation();
      simulation.vendors.conclusion = "success";
      simulation.vendors.isHealthy = () => simulation.vendors.percents.at(-1) !== 100;
      await simulation.configure(samplePipeline(cloud, strategy));
      await simulation.push();
      await simulation.run(6_000);
      for (const { action: id, input } of simulation.calls) {
        asked.add(id);
        const action = await actionOf(id);
        const { error } = action.input.safeParse(input);
        expect(`${id} ${error?.message ?? "fits"}`).toBe(`${id} fits`);
      }
    }
    expect([...asked].filter((id) => id.startsWith(`${cloud}.`)).length).toBeGreaterThanOrEqual(4);
  });
});
