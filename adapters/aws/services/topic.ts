import { chosenSetting, type Ports, requiredSetting, type Settings } from "#shared/function";
import { eventBridgeTopic } from "../drivers/topic-eventbridge.ts";
import { snsTopic } from "../drivers/topic-sns.ts";

const topics = {
  sns: (settings) =>
    snsTopic({
      arnPrefix: requiredSetting(settings, "AUTERITY_TOPIC_ARN", "what ARNs of topics begin with"),
      namePrefix: settings["AUTERITY_NAME_PREFIX"] ?? "",
    }),
  eventbridge: (settings) =>
    eventBridgeTopic({
      bus: requiredSetting(settings, "AUTERITY_EVENT_BUS", "the bus of EventBridge"),
    }),
} satisfies Record<string, (settings: Settings) => Ports["topic"]>;

/**
 * Topics of SNS below `AUTERITY_TOPIC_ARN`, their names behind `AUTERITY_NAME_PREFIX`, or with
 * `AUTERITY_TOPIC=eventbridge` the bus `AUTERITY_EVENT_BUS`. Throws `failed_precondition` for a setting that is missing
 * or unknown.
 */
export function awsTopic(settings: Settings): Ports["topic"] {
  return topics[chosenSetting(settings, "AUTERITY_TOPIC", ["sns", "eventbridge"])](settings);
}
