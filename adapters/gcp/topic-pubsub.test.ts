import { withEngine } from "#shared/testing";
import { expect, it } from "vitest";
import { anEvent } from "../../shared/topic/conformance/any-event.ts";
import {
  conformanceSubscriptions,
  conformanceTopics,
  topicConformance,
} from "../../shared/topic/conformance.ts";
import { gcpQueueCodec } from "./codecs/queue.ts";
import { pubsubTopic } from "./drivers/topic-pubsub.ts";
import { startPubSubEmulator } from "./engines/pubsub.conformance.ts";

await withEngine(
  "pubsub",
  async () => {
    const engine = await startPubSubEmulator([]);
    for (const name of conformanceTopics) await engine.addTopic(name, conformanceSubscriptions);
    return engine;
  },
  (engine) => {
    const [topic = ""] = conformanceTopics;
    const receive = async (queue: string): Promise<string[]> => {
      const pushes = await engine.receivePushes(queue);
      const requests = pushes.map((body) => ({ rawBody: Buffer.from(body) }));
      const post = { method: "POST", url: "/", headers: {} };
      return requests.flatMap((request) =>
        gcpQueueCodec.decode({ ...post, ...request }).map(({ body }) => body),
      );
    };

    topicConformance("Pub/Sub", {
      engine: "Google's emulator",
      open: async () => pubsubTopic(engine.options),
      receive: async (_, queue) => receive(queue),
      refused: async () => ({
        driver: pubsubTopic({ ...engine.options, project: "no-such-project" }),
        code: "not_found",
      }),
      except: { T03: "the emulator ignores the filters of subscriptions" },
    });

    it("publishes more than one request carries", async () => {
      const driver = pubsubTopic(engine.options);
      const texts = [...Array.from({ length: 1_001 }, String), "x".repeat(6e6), "y".repeat(6e6)];
      const events = texts.map((text, id) => anEvent(String(id), text));
      const results = await driver.publish(topic, events, undefined);
      expect(results).toEqual(texts.map(() => ({ ok: true })));
      expect(await receive("conformance-all")).toHaveLength(texts.length);
      await driver.close();
    });
  },
);
