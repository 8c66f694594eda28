import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { conformanceQueues, queueConformance } from "../../shared/queue/conformance.ts";
import { receiverConformance } from "../../shared/queue/receiver.conformance.ts";
import { withEngine } from "#shared/testing";
import { pubsubReceiver } from "./drivers/queue-pubsub-receiver.ts";
import { pubsubQueue } from "./drivers/queue-pubsub.ts";
import { startPubSubEmulator } from "./engines/pubsub.conformance.ts";

const [queue] = conformanceQueues;

await withEngine(
  "pubsub",
  () => startPubSubEmulator(conformanceQueues),
  (engine) => {
    const { options } = engine;
    queueConformance("Pub/Sub", {
      engine: "the Pub/Sub emulator",
      open: async () => pubsubQueue(options),
      receive: async (_driver, name) => engine.receive(name),
      except: { Q19: "Pub/Sub holds no single message back" },
    });

    // The emulator keeps the machine's time, so that it really has to pass.
    receiverConformance("Pub/Sub", {
      engine: "the Pub/Sub emulator",
      queue,
      leaseSeconds: 2,
      open: async () => ({ driver: pubsubQueue(options), receiver: pubsubReceiver(options) }),
      pass: (milliseconds) => sleep(milliseconds),
      except: { R06: "Pub/Sub takes a late settlement without a word" },
    });

    it("pubsub splits what is more than one request carries", async () => {
      const driver = pubsubQueue(options);
      const bodies = [
        ...Array.from({ length: 1_001 }, (_, index) => String(index)),
        "x".repeat(6e6),
        "y".repeat(6e6),
      ];
      const messages = bodies.map((body) => ({ body, delaySeconds: 0 }));
      const results = await driver.send(queue, messages, undefined);
      expect(results).toEqual(bodies.map(() => ({ ok: true })));
      expect((await engine.receive(queue)).toSorted()).toEqual(bodies.toSorted());
      await driver.close();
    });

    it("pubsub throws, classified, where there is no such topic", async () => {
      const driver = pubsubQueue(options);
      const sending = driver.send("no-such-topic", [{ body: "x", delaySeconds: 0 }], undefined);
      const error = await sending.catch((thrown: unknown) => thrown);
      expect(driver.codeOf(error)).toBe("not_found");
      await driver.close();
    });
  },
);
