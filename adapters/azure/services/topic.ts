import { type Ports, requiredSetting, type Settings } from "#shared/function";
import { eventGridTopic } from "../drivers/topic-event-grid.ts";
import { identitySetting, isEmulator } from "./account-setting.ts";

/**
 * Topics of Event Grid at `AUTERITY_TOPIC_ENDPOINT`, in which `{topic}` stands for the name; published to with the app's
 * own identity, or the access key `AUTERITY_TOPIC_KEY`. Throws `failed_precondition` for a setting that is missing.
 */
export function azureTopic(settings: Settings): Ports["topic"] {
  const purpose = "the address of a topic, with {topic} in its name's place";
  const endpoint = requiredSetting(settings, "AUTERITY_TOPIC_ENDPOINT", purpose);
  const key = settings["AUTERITY_TOPIC_KEY"];
  return eventGridTopic({
    endpointOf: (topic) => endpoint.replace("{topic}", topic),
    account: key === undefined ? { identity: identitySetting(settings) } : { key },
    emulator: isEmulator(endpoint),
  });
}
