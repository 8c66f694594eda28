import type { Ports, Settings } from "#shared/function";
import { pubsubTopic } from "../drivers/topic-pubsub.ts";
import { namedSettings } from "./client-settings.ts";

/** Topics of Pub/Sub. Throws `failed_precondition` for a setting that is missing. */
export async function gcpTopic(settings: Settings): Promise<Ports["topic"]> {
  return pubsubTopic(await namedSettings(settings, "PUBSUB_EMULATOR_HOST"));
}
