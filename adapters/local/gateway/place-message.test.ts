import { FakeClock, seededRandom } from "#shared/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { Fleet } from "./fleet.ts";
import { LiveFeed } from "./live.ts";
import { decodePlacement, encodePlacement, placeMessage, placeMessages } from "./place-message.ts";
import { armsOf, consumer, recordingHost } from "./recording-host.conformance.ts";

let hosts: ReturnType<typeof recordingHost>[];
let fleet: Fleet;

const fleetOf = (sharesState: boolean): Fleet =>
  new Fleet(armsOf(hosts.map(({ host }) => host)), { recordRun: () => undefined }, new LiveFeed(), {
    sharesState,
    clock: new FakeClock(),
    random: seededRandom(1),
  });

beforeEach(() => {
  hosts = ["aws", "azure", "gcp"].map(recordingHost);
  fleet = fleetOf(true);
});

/** Where a message would lie that nothing keeps with its sender. */
const cheapest = (sizeBytes: number): string => {
  const { arms = [] } = placeMessage(fleet, consumer, "nowhere", sizeBytes);
  const [first] = arms.toSorted((a, b) => (a.scoreUsd ?? Infinity) - (b.scoreUsd ?? Infinity));
  return first?.runtime ?? "";
};

describe("a message", () => {
  it("goes to the queue of the cloud where its function is cheapest, and says why", () => {
    const best = cheapest(100);
    const own = ["aws", "azure", "gcp"].find((runtime) => runtime !== best) ?? "";
    const decision = placeMessage(fleet, consumer, own, 100);
    expect(decision).toMatchObject({ runtime: best, reason: "publish" });
    const usd = new Map(
      decision.arms?.map(({ runtime, scoreUsd }) => [runtime, scoreUsd ?? Infinity]),
    );
    expect(usd.get(best)).toBeLessThan(0.97 * (usd.get(own) ?? 0));
    expect(decodePlacement(encodePlacement(decision))).toEqual(decision);
  });

  it("stays where it is sent when the way out costs more than it saves", () => {
    for (const own of ["aws", "azure", "gcp"]) {
      expect(placeMessage(fleet, consumer, own, 1_000_000).runtime).toBe(own);
    }
  });

  it("leaves a runtime that is down, and goes nowhere that is not allowed", () => {
    const best = cheapest(100);
    hosts.find(({ host }) => host.runtime === best)?.setState("down");
    expect(placeMessage(fleet, consumer, best, 100).runtime).not.toBe(best);
    const bound = { ...consumer, name: "bound", targets: ["gcp"] };
    expect(placeMessage(fleet, bound, "aws", 100).runtime).toBe("gcp");
  });

  it("stays where its trace was pinned, and where no function takes it", async () => {
    const own = cheapest(100) === "gcp" ? "azure" : "gcp";
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const envelope = {
      v: 1,
      id: "m",
      attempt: 1,
      enqueuedAtMs: 0,
      tenant: "t",
      traceparent,
      body: {},
    };
    const sent = { queue: consumer.queue, bodies: [JSON.stringify(envelope)], own };
    expect(placeMessages(fleet, [consumer], sent)?.home).not.toBe(own);
    expect(placeMessages(fleet, [], sent)).toBeUndefined();
    const headers = { traceparent };
    const input = { method: "GET", path: "/", query: "", headers, body: "", clientIp: undefined };
    await fleet.http(consumer, input, fleet.decide(consumer, own));
    expect(placeMessages(fleet, [consumer], sent)).toBeUndefined();
  });

  it("stays with its sender where each runtime has a state of its own", () => {
    const apart = fleetOf(false);
    for (const own of ["aws", "azure", "gcp"]) {
      expect(placeMessage(apart, consumer, own, 10)).toEqual({ runtime: own, reason: "home" });
    }
    expect(decodePlacement(undefined)).toBeUndefined();
  });
});
