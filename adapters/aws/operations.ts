import { FREE, type OperationPrices, perOperation, perStep } from "#shared/operations";
import {
  dynamodbUsdPerMillionReadUnits,
  dynamodbUsdPerMillionWriteUnits,
  eventBridgeUsdPerMillionEvents,
  httpApiUsdPerMillionRequests,
  s3UsdPerMillionReads,
  s3UsdPerMillionWrites,
  secretsManagerUsdPerMillionCalls,
  snsUsdPerMillionRequests,
  sqsFifoUsdPerMillionRequests,
  sqsUsdPerMillionRequests,
} from "./price-list.ts";

const KB = 1024;

// A request is 64 KB of a message: https://aws.amazon.com/sqs/pricing/
const request = perStep(sqsUsdPerMillionRequests, 64 * KB, "sqsRequests");
// A write unit is 1 KB, and so is a delete; a strongly consistent read unit is 4 KB:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
// Within a transaction each is counted twice. A page of a query is one read of all its bytes.
const write = { ...perStep(dynamodbUsdPerMillionWriteUnits, KB), unitsInTransaction: 2 };
const read = perStep(dynamodbUsdPerMillionReadUnits, 4 * KB);

/** What differs at the products that a deployment can choose instead. */
export const alternatives = {
  /** FIFO queues, which ordered queues are. */
  fifo: perStep(sqsFifoUsdPerMillionRequests, 64 * KB, "sqsRequests"),
  eventBridge: perStep(eventBridgeUsdPerMillionEvents, 64 * KB),
  /** An HTTP API counts 512 KB of a request: https://aws.amazon.com/api-gateway/pricing/ */
  httpApi: perStep(httpApiUsdPerMillionRequests, 512 * KB),
} as const;

/**
 * DynamoDB on demand, SQS, SNS, S3, Secrets Manager and function URLs in us-east-1. A request for several messages is
 * counted once for each, and so is their deletion: a receipt is an upper bound. S3 deletes for nothing.
 */
export const operations: OperationPrices = {
  operations: {
    stateRead: read,
    stateWrite: write,
    stateDelete: write,
    queueSend: request,
    queueReceive: request,
    queueDelete: request,
    topicPublish: perStep(snsUsdPerMillionRequests, 64 * KB, "snsRequests"),
    blobRead: perOperation(s3UsdPerMillionReads),
    blobWrite: perOperation(s3UsdPerMillionWrites),
    blobList: perOperation(s3UsdPerMillionWrites),
    blobDelete: FREE,
    secretRead: perOperation(secretsManagerUsdPerMillionCalls),
    frontDoorRequest: FREE,
  },
  products: { eventbridge: { topicPublish: alternatives.eventBridge } },
  // The first million requests of a month, at SQS and at SNS: https://aws.amazon.com/sns/pricing/
  grants: { sqsRequests: 1_000_000, snsRequests: 1_000_000 },
};
