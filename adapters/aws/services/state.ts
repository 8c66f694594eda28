import { type Ports, requiredSetting, type Settings } from "#shared/function";
import { dynamoDbState } from "../drivers/state-dynamodb.ts";

/**
 * State in the DynamoDB table that `AUTERITY_STATE_TABLE` names. Region, credentials and endpoint are the SDK's own
 * settings, as for every service: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html. Throws
 * `failed_precondition` for a setting that is missing.
 */
export function awsState(settings: Settings): Ports["state"] {
  const table = requiredSetting(settings, "AUTERITY_STATE_TABLE", "the table of DynamoDB");
  return dynamoDbState({ table });
}
