import { type Ports, requiredSetting, type Settings } from "#shared/function";
import { sqsQueue } from "./drivers/queue-sqs.ts";
import { dynamoDbState } from "./drivers/state-dynamodb.ts";

/**
 * The services of AWS that a function works on, as its settings name them; region, credentials and endpoints are the
 * SDK's own (https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html). No SDK is loaded before a
 * service is used. Throws `failed_precondition` for a setting that is missing.
 */
export function awsServices(settings: Settings): Pick<Ports, "state" | "queue"> {
  return {
    state: dynamoDbState({
      table: requiredSetting(settings, "AUTERITY_STATE_TABLE", "the table of DynamoDB"),
    }),
    queue: sqsQueue({
      baseUrl: requiredSetting(
        settings,
        "AUTERITY_QUEUE_URL",
        "what the URLs of queues begin with",
      ),
    }),
  };
}
