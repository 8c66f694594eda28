import { type ChildProcess, fork } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { conformanceSubscriptions, topicConformance } from "../../shared/topic/conformance.ts";
import { anEvent } from "../../shared/topic/conformance/any-event.ts";
import { localTopic } from "./drivers/topic.ts";
import { type Engine, openEngine } from "./engine/engine.ts";
import { type Channel, openChannel } from "./ipc.ts";

let child: ChildProcess;
let channel: Channel;

beforeAll(() => {
  child = fork(new URL("engine/conformance-child.ts", import.meta.url), {
    execArgv: [],
    serialization: "advanced",
  });
  channel = openChannel(child);
});

afterAll(() => void child.kill());

async function takeAll(engine: Engine, queue: string): Promise<string[]> {
  const leased = await engine.lease(queue, 1_000, 60);
  await Promise.all(leased.map(({ handle }) => engine.settle(handle, "done")));
  return leased.map(({ body }) => body);
}

topicConformance("embedded engine", {
  async open(clock) {
    const engine = openEngine({ path: ":memory:", clock });
    const driver = engine.topic("aws", conformanceSubscriptions);
    return { ...driver, engine, close: () => engine.close() };
  },
  receive: ({ engine }, queue) => takeAll(engine, queue),
  async refused() {
    const engine = openEngine({ path: ":memory:", clock: Date });
    await engine.close();
    return { driver: engine.topic("aws", conformanceSubscriptions), code: "unavailable" };
  },
});

topicConformance("embedded engine over a process boundary", {
  async open(clock) {
    await channel.call("test.now", clock.now());
    return localTopic(channel);
  },
  receive: async (_, queue) => z.array(z.string()).parse(await channel.call("test.receive", queue)),
  async refused() {
    const gone = openChannel(child);
    gone.close();
    return { driver: localTopic(gone), code: "unavailable" };
  },
});

it("tells who waits for messages once for each queue that got some", async () => {
  const engine = openEngine({ path: ":memory:", clock: Date });
  const told: string[] = [];
  engine.onMessage((queue) => void told.push(queue));
  const [subscription] = conformanceSubscriptions;
  const events = ["e-1", "e-2"].map((id) => ({ ...anEvent(id), type: "order.shipped" }));
  const topic = engine.topic("aws", conformanceSubscriptions);
  await topic.publish(subscription?.topic ?? "", events, undefined);
  expect(told).toEqual(["conformance-all", "conformance-shipped"]);
  expect(engine.depth("conformance-shipped")).toBe(2);
  await engine.close();
});
