import type { Ports, Settings } from "#shared/function";
import { pubsubQueue } from "../drivers/queue-pubsub.ts";
import { namedSettings } from "./client-settings.ts";

/** Queues as topics of Pub/Sub. Throws `failed_precondition` for a setting that is missing. */
export async function gcpQueue(settings: Settings): Promise<Ports["queue"]> {
  return pubsubQueue(await namedSettings(settings, "PUBSUB_EMULATOR_HOST"));
}
