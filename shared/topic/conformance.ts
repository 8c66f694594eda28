import { conformanceSuite } from "#shared/testing";
import { openBench, type Rule, type TopicHarness } from "./conformance/bench.ts";
import { deliveryRules } from "./conformance/delivery.ts";
import { failureRules } from "./conformance/failures.ts";
import type { TopicDriver } from "./driver.ts";

export {
  conformanceSubscriptions,
  conformanceTopics,
  type TopicHarness,
} from "./conformance/bench.ts";

/** The contract of the publishing half of a topic. A driver is done when this passes. */
export function topicConformance<D extends TopicDriver>(
  name: string,
  harness: TopicHarness<D>,
): void {
  const subject = { port: "topic", driver: name, engine: harness.engine };
  conformanceSuite(subject, harness.except ?? {}, (add) => {
    const rule: Rule = (id, title, run) => {
      add(id, title, async () => {
        const bench = await openBench(harness);
        try {
          await run(bench);
        } finally {
          await bench.driver.close();
        }
      });
    };
    deliveryRules(rule);
    failureRules(rule);
  });
}
