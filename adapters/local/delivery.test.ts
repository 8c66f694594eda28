import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeEnvelope } from "#shared/queue";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sqsQueue } from "../aws/drivers/queue-sqs.ts";
import { sqsReceiver } from "../aws/drivers/queue-sqs-receiver.ts";
import { type Fauxqs, startFauxqsEngine } from "../aws/engines/fauxqs.conformance.ts";
import { BrokerPump } from "./broker-pump.ts";
import { Dispatcher } from "./dispatcher.ts";
import { type Engine, openEngine } from "./engine/engine.ts";
import { Fleet } from "./gateway/fleet.ts";
import { LiveFeed } from "./gateway/live.ts";
import { armsOf, consumer, nightly, recordingHost } from "./gateway/recording-host.conformance.ts";
import { Scheduler } from "./scheduler.ts";

let folder: string;
let engine: Engine;
let hosts: ReturnType<typeof recordingHost>[];
let fleet: Fleet;
const stops: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auterity-delivery-"));
  engine = openEngine({ path: join(folder, "auterity.db"), clock: Date });
  hosts = ["aws", "azure", "gcp"].map(recordingHost);
  const arms = armsOf(hosts.map(({ host }) => host));
  fleet = new Fleet(arms, engine, new LiveFeed());
});

afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function send(home: string, id: string): Promise<void> {
  const body = encodeEnvelope({
    v: 1,
    id,
    attempt: 1,
    enqueuedAtMs: 0,
    tenant: "default",
    event: "e-1",
    body: {},
  });
  await engine.queue(home).send("jobs", [{ body, delaySeconds: 0 }], undefined);
}

async function dispatch(): Promise<void> {
  const dispatcher = new Dispatcher(engine, fleet, [consumer], [consumer]);
  stops.push(() => dispatcher.stop());
  await dispatcher.start();
}

function schedule(): void {
  const scheduler = new Scheduler(engine, fleet, [nightly]);
  stops.push(() => scheduler.stop());
  scheduler.start();
}

const fired = (): number[] => hosts.flatMap(({ seen }) => seen.slots);

describe("the dispatcher", () => {
  it("delivers each message once, to its home, and lists the run under its event", async () => {
    await dispatch();
    await send("gcp", "m-1");
    await vi.waitFor(() => expect(hosts[2]?.seen.messages).toHaveLength(1));
    await vi.waitFor(() => expect(engine.runs({ event: "e-1", limit: 10 }).items).toHaveLength(1));
    expect(engine.depth("jobs")).toBe(0);
    expect(hosts[0]?.seen.messages).toEqual([]);
    expect(engine.runs({ event: "e-1", limit: 10 }).items[0]).toMatchObject({
      function: "consumer",
      runtime: "gcp",
      status: "ok",
      decision: { reason: "home" },
    });
  });

  it("delivers again what was not settled, counted", async () => {
    let calls = 0;
    hosts[0]?.setOutcome(() => ++calls > 1);
    await send("aws", "m-2");
    await dispatch();
    await vi.waitFor(() => expect(hosts[0]?.seen.messages).toHaveLength(2), { timeout: 5_000 });
    await vi.waitFor(() => expect(engine.depth("jobs")).toBe(0));
  });

  it("frees what a process that died had leased", async () => {
    await send("aws", "m-3");
    expect(await engine.lease("jobs", 1, 600)).toHaveLength(1);
    await dispatch();
    await vi.waitFor(() => expect(hosts[0]?.seen.messages).toHaveLength(1));
  });
});

describe("the pump of a cloud's own broker", () => {
  let broker: Fauxqs;
  // One each: a broker may still hand a message to a request that was given up.
  beforeEach(async () => {
    broker = await startFauxqsEngine(["jobs"]);
    stops.push(() => void broker.stop());
  });

  async function pump(runtime: string, body: string): Promise<BrokerPump> {
    const driver = sqsQueue(broker.options);
    await driver.send("jobs", [{ body, delaySeconds: 0 }], undefined);
    const receiver = sqsReceiver(broker.options);
    const running = new BrokerPump(runtime, receiver, fleet, [consumer]);
    stops.push(
      () => running.stop(),
      () => void driver.close(),
      () => void receiver.close(),
    );
    running.start();
    return running;
  }

  it("delivers to its own cloud and forgets what is done", async () => {
    await pump("azure", "one");
    await vi.waitFor(() => expect(hosts[1]?.seen.messages).toEqual(["one"]));
    expect([hosts[0], hosts[2]].flatMap((host) => host?.seen.messages)).toEqual([]);
    await vi.waitFor(() => expect(engine.runs({ limit: 10 }).items).toHaveLength(1));
    expect(engine.runs({ limit: 10 }).items[0]).toMatchObject({ decision: { reason: "home" } });
  });

  it("delivers again what was not settled, after a rest", async () => {
    let calls = 0;
    hosts[0]?.setOutcome(() => ++calls > 1);
    await pump("aws", "two");
    await vi.waitFor(() => expect(hosts[0]?.seen.messages).toEqual(["two", "two"]), 10_000);
  });

  it("leaves messages where they are while its host is down: no other has their state", async () => {
    hosts[0]?.setState("down");
    await pump("aws", "three");
    await sleep(300);
    expect(hosts.flatMap(({ seen }) => seen.messages)).toEqual([]);
    hosts[0]?.setState("up");
    await vi.waitFor(() => expect(hosts[0]?.seen.messages).toEqual(["three"]));
  });

  it("takes nothing after it was stopped", async () => {
    (await pump("aws", "four")).stop();
    await vi.waitFor(() => expect(hosts[0]?.seen.messages.length).toBeLessThanOrEqual(1));
    const before = hosts[0]?.seen.messages.length;
    const driver = sqsQueue(broker.options);
    await driver.send("jobs", [{ body: "five", delaySeconds: 0 }], undefined);
    await sleep(300);
    expect(hosts[0]?.seen.messages.length).toBe(before);
    await driver.close();
  });
});

describe("the scheduler", () => {
  it("owes nothing for the time before its first start", async () => {
    schedule();
    await vi.waitFor(() => expect(engine.lastSlot("nightly")).toBeDefined());
    expect(fired()).toEqual([]);
  });

  it("delivers the latest slot that passed while nothing ran, once", async () => {
    const longAgo = Date.UTC(2026, 0, 1, 3);
    await engine.claimSlot("nightly", longAgo);
    schedule();
    await vi.waitFor(() => expect(fired()).toHaveLength(1));
    const [slot = 0] = fired();
    expect(new Date(slot).toISOString()).toMatch(/T03:00:00\.000Z$/);
    await vi.waitFor(() => expect(engine.lastSlot("nightly")).toBe(slot));
    schedule();
    expect(fired()).toHaveLength(1);
  });

  it("tries a slot again whose delivery failed", async () => {
    let calls = 0;
    for (const { setOutcome } of hosts) setOutcome(() => ++calls > 1);
    await engine.claimSlot("nightly", Date.UTC(2026, 0, 1, 3));
    schedule();
    await vi.waitFor(() => expect(fired()).toHaveLength(2), { timeout: 10_000 });
    await vi.waitFor(() => expect(engine.lastSlot("nightly")).toBe(fired()[0]));
  });
});
