import { chosenSetting, type Clock, type Ports, type Settings } from "#shared/function";
import { serviceBusQueue } from "../drivers/queue-service-bus.ts";
import { storageQueue } from "../drivers/queue-storage.ts";
import { accountSetting } from "./account-setting.ts";

type Make = (settings: Settings, clock: Pick<Clock, "now">) => Ports["queue"];

const queues = {
  "storage-queue": (settings) => storageQueue(accountSetting(settings, "AUTERITY_QUEUE_ACCOUNT")),
  "service-bus": (settings, clock) =>
    serviceBusQueue({ account: accountSetting(settings, "AUTERITY_SERVICE_BUS_ACCOUNT"), clock }),
} satisfies Record<string, Make>;

/**
 * Queues of Azure Storage, or with `AUTERITY_QUEUE=service-bus` of Service Bus. Throws `failed_precondition` for a
 * setting that is missing or unknown.
 */
export function azureQueue(settings: Settings, clock: Pick<Clock, "now">): Ports["queue"] {
  const chosen = chosenSetting(settings, "AUTERITY_QUEUE", ["storage-queue", "service-bus"]);
  return queues[chosen](settings, clock);
}
