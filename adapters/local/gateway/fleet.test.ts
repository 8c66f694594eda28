import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Engine, openEngine } from "../engine/engine.ts";
import { Fleet } from "./fleet.ts";
import { LiveFeed } from "./live.ts";
import { armsOf, consumer, recordingHost } from "./recording-host.conformance.ts";

let folder: string;
let engine: Engine;
let hosts: ReturnType<typeof recordingHost>[];
let fleet: Fleet;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auterity-fleet-"));
  engine = openEngine({ path: join(folder, "auterity.db"), clock: Date });
  hosts = ["aws", "azure", "gcp"].map(recordingHost);
  fleet = new Fleet(armsOf(hosts.map(({ host }) => host)), engine, new LiveFeed());
});

afterEach(async () => {
  vi.useRealTimers();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Nothing answers on the runtime that is chosen now. */
function breakFirst(): { readonly broken: string; readonly mend: () => void } {
  const { runtime: broken } = fleet.decide(consumer);
  const recording = hosts.find(({ host }) => host.runtime === broken);
  recording?.setAnswering(false);
  return { broken, mend: () => recording?.setAnswering(true) };
}

describe("the fleet", () => {
  it("goes where it is cheapest, keeps to a pin and to a message's home, and says why", () => {
    const { runtime, reason, epoch, arms } = fleet.decide(consumer);
    expect(reason).toBe("cheapest");
    expect(epoch).toBeGreaterThanOrEqual(0);
    expect(arms?.map((arm) => arm.runtime)).toEqual(["aws", "azure", "gcp"]);
    const scores = arms?.flatMap(({ scoreUsd }) => scoreUsd ?? []) ?? [];
    expect(arms?.find((arm) => arm.runtime === runtime)?.scoreUsd).toBe(Math.min(...scores));
    expect(fleet.decide(consumer, "gcp")).toEqual({ runtime: "gcp", reason: "pinned" });
    expect(fleet.decide(consumer, undefined, "azure")).toEqual({
      runtime: "azure",
      reason: "home",
    });
  });

  it("sends a function only to its targets", () => {
    const here = { ...consumer, name: "only-gcp", targets: ["gcp"] };
    expect(fleet.decide(here).runtime).toBe("gcp");
    expect(fleet.decide(here).arms?.[0]).toMatchObject({ verdict: "not allowed", scoreUsd: null });
  });

  it("moves a message whose home is down, and refuses a pin that is", () => {
    hosts[1]?.setState("down");
    expect(fleet.decide(consumer, undefined, "azure").reason).toBe("failover");
    expect(() => fleet.decide(consumer, "azure")).toThrow(
      expect.objectContaining({ code: "unavailable" }),
    );
    expect(fleet.health).toEqual({
      status: "degraded",
      hosts: { aws: "up", azure: "down", gcp: "up" },
    });
    for (const { setState } of hosts) setState("down");
    expect(() => fleet.decide(consumer)).toThrow(expect.objectContaining({ code: "unavailable" }));
  });

  describe("when a runtime gives no answer", () => {
    const input = {
      method: "GET",
      path: "/",
      query: "",
      headers: {},
      body: "",
      clientIp: undefined,
    };
    it("tries a repeatable call elsewhere, and the breaker keeps later ones away", async () => {
      const { broken, mend } = breakFirst();
      for (let call = 0; call < 20; call += 1) {
        const { status } = await fleet.calls.call(consumer, input, {
          repeatable: true,
          keyed: true,
        });
        expect(status).toBe(200);
      }
      await vi.waitFor(() =>
        expect(engine.runs({ status: "ok", limit: 50 }).items).toHaveLength(20),
      );
      const failures = engine.runs({ status: "failed", limit: 50 }).items;
      expect(failures.length).toBeLessThan(6);
      expect(new Set(failures.map(({ runtime }) => runtime))).toEqual(new Set([broken]));
      const verdicts = fleet.decide(consumer).arms?.map(({ verdict }) => verdict);
      expect(verdicts).toContain("unhealthy");
      mend();
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
      const back = await fleet.calls.call(consumer, input, { repeatable: true, keyed: true });
      expect(back.status).toBe(200);
      const after = fleet.decide(consumer).arms?.map(({ verdict }) => verdict);
      expect(after).not.toContain("unhealthy");
    });

    it("tries nothing twice that might have its effect twice, nor what is pinned", async () => {
      const { broken } = breakFirst();
      const once = fleet.calls.call(consumer, input, { repeatable: false, keyed: true });
      await expect(once).rejects.toMatchObject({ code: "unavailable" });
      const pinned = fleet.calls.call(consumer, input, {
        repeatable: true,
        keyed: true,
        pinned: broken,
      });
      await expect(pinned).rejects.toMatchObject({ code: "unavailable" });
    });
  });
});
