import { sqsReceiver } from "../../adapters/aws/drivers/queue-sqs-receiver.ts";
import { dynamoDbState } from "../../adapters/aws/drivers/state-dynamodb.ts";
import { startDynamoDbLocal } from "../../adapters/aws/engines/dynamodb-local.conformance.ts";
import { startFauxqsEngine } from "../../adapters/aws/engines/fauxqs.conformance.ts";
import type { DeployManifest } from "#shared/plan";
import type { CloudEngines } from "./cloud-engines.ts";

/**
 * DynamoDB Local and fauxqs, in memory. Functions find them by the SDK's own variables:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export async function startAwsEngines({ queues }: DeployManifest): Promise<CloudEngines> {
  const [state, queue] = await Promise.all([
    startDynamoDbLocal(),
    startFauxqsEngine(queues.map(({ name }) => name)),
  ]);
  const { options } = queue;
  const receiver = sqsReceiver(options);
  const driver = dynamoDbState({ table: state.table, ...state.connection });
  return {
    names: ["DynamoDB Local", "fauxqs"],
    settings: {
      AWS_REGION: options.region,
      AWS_ACCESS_KEY_ID: options.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: options.credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: state.connection.endpoint,
      AWS_ENDPOINT_URL_SQS: options.endpoint,
      AUTERITY_STATE_TABLE: state.table,
      AUTERITY_QUEUE_URL: options.baseUrl,
    },
    state: driver,
    receiver,
    async stop() {
      await Promise.all([receiver.close(), driver.close()]);
      await Promise.all([state.stop(), queue.stop()]);
    },
  };
}
