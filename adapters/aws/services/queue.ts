import { type Ports, requiredSetting, type Settings } from "#shared/function";
import { sqsQueue } from "../drivers/queue-sqs.ts";

/**
 * Queues of SQS below `AUTERITY_QUEUE_URL`, their names behind `AUTERITY_NAME_PREFIX`. Throws `failed_precondition` for
 * a setting that is missing.
 */
export function awsQueue(settings: Settings): Ports["queue"] {
  const purpose = "what the URLs of queues begin with";
  return sqsQueue({
    baseUrl: requiredSetting(settings, "AUTERITY_QUEUE_URL", purpose),
    namePrefix: settings["AUTERITY_NAME_PREFIX"] ?? "",
  });
}
