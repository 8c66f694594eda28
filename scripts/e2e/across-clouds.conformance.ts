import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import * as z from "zod";
import { eventually, newCommit, type RunningProduct, RUNTIMES } from "./running-product.ts";

const State = z.object({ deliveries: z.array(z.object({ commit: z.string() })) });
const Runs = z.object({ items: z.array(z.object({ id: z.string() })) });
const Report = z.object({
  items: z.array(
    z.object({
      cloud: z.string(),
      isHome: z.boolean(),
      peers: z.record(z.string(), z.object({ lagMs: z.number() })),
    }),
  ),
});

/** What functions of three clouds see of each other, though each cloud has a store of its own. */
export function acrossCloudsConformance(running: () => RunningProduct): void {
  const stateOn = async (runtime: string, commit: string): Promise<unknown> => {
    const { json } = await running().call("POST", "/v1/functions/pulse-state", {
      headers: { "content-type": "application/json", "x-auterity-target": runtime },
      body: JSON.stringify({ repository: "acme/shop", commit }),
    });
    return State.parse(json).deliveries.map((delivery) => delivery.commit);
  };

  const commit = newCommit();

  it("knows on every cloud what was told to one", async () => {
    const { headers, body } = running().push(commit, randomUUID());
    await running().call("POST", "/v1/webhooks/github-actions/default", {
      headers: { ...headers, "x-auterity-target": "gcp" },
      body,
    });
    for (const runtime of RUNTIMES) {
      const seen = await eventually(async () => {
        const commits = await stateOn(runtime, commit);
        return Array.isArray(commits) && commits.length > 0 ? commits : undefined;
      });
      expect(seen).toEqual([commit]);
    }
  }, 60_000);

  it("fires a slot once, though every cloud has its timer", async () => {
    const slotMs = Math.floor(Date.now() / 60_000) * 60_000;
    const before = await settled(running());
    const fire = (): Promise<unknown> =>
      Promise.allSettled(RUNTIMES.map((name) => running().fire("pulse-digest", slotMs, name)));
    await fire();
    // As their schedulers would, for what found the slot taken.
    await fire();
    expect(await settled(running())).toBe(before + 1);
  }, 60_000);

  it("tells how far the clouds are behind each other", async () => {
    const report = await eventually(async () => {
      const { items } = Report.parse((await running().call("GET", "/v1/replication")).json);
      const isLevel = items.every(({ peers }) =>
        Object.values(peers).every((at) => at.lagMs === 0),
      );
      return isLevel ? items : undefined;
    });
    expect(report.map(({ cloud }) => cloud)).toEqual(RUNTIMES);
    expect(report.filter(({ isHome }) => isHome)).toHaveLength(1);
    const lags = running().logs.filter((line) => line["metric"] === "replication_lag_ms");
    expect(lags.length).toBeGreaterThan(0);
  }, 60_000);

  // The last: it takes a cloud away.
  it("goes on at another home when one is given up for lost, with what it had", async () => {
    expect(await promote(running(), { lost: "nowhere" })).toMatchObject({ status: 400 });
    expect(await promote(running(), { lost: "aws", home: "gcp" })).toMatchObject({
      status: 200,
      json: { epoch: 2, home: "gcp", clouds: ["azure", "gcp"] },
    });
    for (const runtime of ["azure", "gcp"]) {
      const seen = await eventually(() => stateOn(runtime, commit).catch(() => undefined));
      expect(seen).toEqual([commit]);
    }
    await expect(stateOn("aws", commit)).rejects.toThrow("deliveries");
  }, 60_000);
}

/** How many publishings there were, once their number has stood still. */
async function settled(product: RunningProduct): Promise<number> {
  for (let last = -1; ; await sleep(1_500)) {
    const { json } = await product.call("GET", "/v1/runs?function=pulse-publish&limit=500");
    const now = Runs.parse(json).items.length;
    if (now === last) return now;
    last = now;
  }
}

function promote(product: RunningProduct, body: object): ReturnType<RunningProduct["call"]> {
  return product.call("POST", "/v1/replication/promote", { body: JSON.stringify(body) });
}
