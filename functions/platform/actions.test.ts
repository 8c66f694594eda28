import { describe, expect, it } from "vitest";
import awsLambda from "../integrations/aws-lambda/index.ts";
import azureFunctions from "../integrations/azure-functions/index.ts";
import cloudFunctions from "../integrations/cloud-functions/index.ts";
import dockerHub from "../integrations/docker-hub/index.ts";
import githubActions from "../integrations/github-actions/index.ts";
import slack from "../integrations/slack/index.ts";
import { samplePipeline } from "./deploy/testing/sample.ts";
import { Simulation } from "./deploy/testing/simulation.ts";

const integrations = [awsLambda, azureFunctions, cloudFunctions, dockerHub, githubActions, slack];
const inputs = new Map(
  integrations.flatMap(({ id, actions }) =>
    Object.entries(actions).map(([name, { input }]) => [`${id}.${name}`, input]),
  ),
);

const clouds = ["aws-lambda", "azure-functions", "cloud-functions"] as const;
const strategies = ["rolling", "blue-green", "canary"] as const;
const cases = clouds.flatMap((cloud) => strategies.map((strategy) => [cloud, strategy] as const));

/** The recipe's view of an action is its own: here it is held to what the integrations take. */
describe("what a deployment asks of integrations", () => {
  it.each(cases)("fits their actions: %s, %s", async (cloud, strategy) => {
    const simulation = new Simulation();
    const { vendors } = simulation;
    vendors.conclusion = "success";
    vendors.isHealthy = () => vendors.percents.at(-1) !== 100;
    await simulation.configure(samplePipeline(cloud, strategy));
    await simulation.push();
    await simulation.run(6_000);
    const misfits = simulation.calls.flatMap(({ action, input }) => {
      const error = inputs.get(action)?.safeParse(input).error;
      return inputs.has(action) && error === undefined ? [] : [`${action} ${error?.message}`];
    });
    expect(misfits).toEqual([]);
    const asked = new Set(simulation.calls.map(({ action }) => action));
    expect([...asked].filter((id) => id.startsWith(`${cloud}.`)).length).toBeGreaterThanOrEqual(3);
  });
});
