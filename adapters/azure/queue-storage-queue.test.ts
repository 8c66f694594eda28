import { type QueueClient, QueueServiceClient } from "@azure/storage-queue";
import { afterAll, beforeAll, expect, it } from "vitest";
import { conformanceQueues, queueConformance } from "../../shared/queue/conformance.ts";
import { receiverConformance } from "../../shared/queue/receiver.conformance.ts";
import { storageQueueReceiver } from "./drivers/queue-storage-receiver.ts";
import { storageQueue } from "./drivers/queue-storage.ts";
import { type Azurite, startAzurite } from "./engines/azurite.conformance.ts";

let azurite: Azurite;
let service: QueueServiceClient;
const [queue] = conformanceQueues;

beforeAll(async () => {
  azurite = await startAzurite();
  service = QueueServiceClient.fromConnectionString(azurite.connectionString);
  await Promise.all(conformanceQueues.map((name) => service.createQueue(name)));
});

afterAll(() => azurite.stop());

async function takeAll(client: QueueClient): Promise<string[]> {
  const taken: string[] = [];
  for (;;) {
    const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 32 });
    if (receivedMessageItems.length === 0) return taken;
    for (const { messageId, popReceipt, messageText } of receivedMessageItems) {
      await client.deleteMessage(messageId, popReceipt);
      taken.push(Buffer.from(messageText, "base64").toString());
    }
  }
}

queueConformance("Storage Queue", {
  engine: "Azurite",
  async open(clock) {
    const startMs = clock.now();
    return { ...storageQueue(azurite), tell: () => azurite.moveClock(clock.now() - startMs) };
  },
  async receive({ tell }, name) {
    await tell();
    return takeAll(service.getQueueClient(name));
  },
});

it("holds a message back as long as it says it can", async () => {
  const driver = storageQueue(azurite);
  const message = { body: "in a week", delaySeconds: driver.maxDelaySeconds };
  expect(await driver.send(queue, [message], undefined)).toEqual([{ ok: true }]);
  await azurite.moveClock(driver.maxDelaySeconds * 1000 - 60_000);
  expect(await takeAll(service.getQueueClient(queue))).toEqual([]);
  await azurite.moveClock(driver.maxDelaySeconds * 1000 + 60_000);
  expect(await takeAll(service.getQueueClient(queue))).toEqual(["in a week"]);
});

it("reports a message that failed beside those that did not, and throws when all failed", async () => {
  const driver = storageQueue(azurite);
  const bodies = ["a", "x".repeat(driver.maxBodyBytes + 1), "b"];
  const results = await driver.send(
    queue,
    bodies.map((body) => ({ body, delaySeconds: 0 })),
    undefined,
  );
  expect(results.map((result) => (result.ok ? "ok" : driver.codeOf(result.error)))).toEqual([
    "ok",
    "too_large",
    "ok",
  ]);
  expect((await takeAll(service.getQueueClient(queue))).toSorted()).toEqual(["a", "b"]);
  const sending = driver.send("no-such-queue", [{ body: "a", delaySeconds: 0 }], undefined);
  const error: unknown = await sending.catch((thrown: unknown) => thrown);
  expect(driver.codeOf(error)).toBe("not_found");
});

let aheadMs = 0;

receiverConformance("Storage Queue", {
  engine: "Azurite",
  queue,
  leaseSeconds: 30,
  async open() {
    await azurite.moveClock(aheadMs);
    return { driver: storageQueue(azurite), receiver: storageQueueReceiver(azurite) };
  },
  pass: (milliseconds) => azurite.moveClock((aheadMs += milliseconds)),
});
