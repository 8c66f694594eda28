import { afterAll, beforeAll, expect, it } from "vitest";
import { conformanceQueues, queueConformance } from "../../shared/queue/conformance.ts";
import { FakeClock } from "../../shared/testing/index.ts";
import { serviceBusQueue } from "./drivers/queue-service-bus.ts";
import { type FakeServiceBus, startServiceBus } from "./engines/service-bus.conformance.ts";

const clock = new FakeClock();
const [queue] = conformanceQueues;
const message = { body: "a", delaySeconds: 0 };
let bus: FakeServiceBus;

beforeAll(async () => {
  bus = await startServiceBus(conformanceQueues, clock);
});

afterAll(() => bus.stop());

queueConformance("Service Bus", {
  engine: "a namespace on the wire",
  async open(ruleClock) {
    const namespace = await startServiceBus(conformanceQueues, ruleClock);
    const driver = serviceBusQueue({ account: namespace, clock: ruleClock });
    return {
      ...driver,
      namespace,
      async close() {
        await driver.close();
        await namespace.stop();
      },
    };
  },
  receive: async ({ namespace }, name) => namespace.take(name).map(({ body }) => body),
});

it("gives every send an id of its own, so that no repeat of ours counts as a duplicate", async () => {
  const driver = serviceBusQueue({ account: bus, clock });
  await driver.send(queue, [message, message], undefined);
  const ids = bus.take(queue).map(({ id }) => id);
  expect(new Set(ids).size).toBe(2);
  await driver.close();
});

it.each([
  ["com.microsoft:server-busy", "resource_exhausted"],
  ["amqp:link:message-size-exceeded", "too_large"],
  ["amqp:unauthorized-access", "permission_denied"],
  ["com.microsoft:entity-disabled", "failed_precondition"],
  ["com.microsoft:timeout", "deadline_exceeded"],
  ["amqp:resource-limit-exceeded", "resource_exhausted"],
] as const)("knows %s, and asks once", async (condition, code) => {
  const driver = serviceBusQueue({ account: bus, clock });
  bus.refuse(condition);
  const results = await driver.send(queue, [message, { ...message, body: "b" }], undefined);
  expect(results.map((result) => (result.ok ? "ok" : driver.codeOf(result.error)))).toEqual([
    code,
    "ok",
  ]);
  expect(bus.take(queue).map(({ body }) => body)).toEqual(["b"]);
  await driver.close();
});

it("fails as a whole for a queue that does not exist and for a key that is none", async () => {
  const driver = serviceBusQueue({ account: bus, clock });
  const missing: unknown = await driver.send("no-such-queue", [message], undefined).catch((e) => e);
  expect(driver.codeOf(missing)).toBe("not_found");
  await driver.close();
  const connectionString = bus.connectionString.replace("RootManage", "Other");
  const other = serviceBusQueue({ account: { connectionString }, clock });
  const refused: unknown = await other.send(queue, [message], undefined).catch((e) => e);
  expect(other.codeOf(refused)).toBe("permission_denied");
  await other.close();
});

it("connects again after the service closed the connection", async () => {
  const driver = serviceBusQueue({ account: bus, clock });
  await driver.send(queue, [message], undefined);
  await bus.disconnect();
  expect(await driver.send(queue, [message], undefined)).toEqual([{ ok: true }]);
  expect(bus.take(queue)).toHaveLength(2);
  await driver.close();
});
