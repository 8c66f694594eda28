import {
  FREE,
  type OperationPrice,
  type OperationPrices,
  perOperation,
  perStep,
} from "#shared/operations";
import {
  apiGatewayUsdPerMillionCalls,
  firestoreUsdPerMillionDeletes,
  firestoreUsdPerMillionReads,
  firestoreUsdPerMillionWrites,
  pubsubUsdPerTib,
  secretManagerUsdPerMillionAccesses,
  storageUsdPerMillionClassAOperations,
  storageUsdPerMillionClassBOperations,
} from "./price-list.ts";

const BYTES_PER_TIB = 2 ** 40;
const DAYS_PER_MONTH = 30;

// Bytes in and bytes out are billed alike, at least 1,000 of a request: https://cloud.google.com/pubsub/pricing
const throughput: OperationPrice = {
  ...perStep((pubsubUsdPerTib / BYTES_PER_TIB) * 1e6, 1, "pubsubBytes"),
  minBytes: 1000,
};

/**
 * Firestore in one region, Pub/Sub, Cloud Storage (standard, one region), Secret Manager and the service's own endpoint.
 * A query of Firestore is a read of each document that it gives. To acknowledge a message costs nothing.
 */
export const operations: OperationPrices = {
  operations: {
    stateRead: { ...perOperation(firestoreUsdPerMillionReads, "firestoreReads"), isPerRow: true },
    stateWrite: perOperation(firestoreUsdPerMillionWrites, "firestoreWrites"),
    stateDelete: perOperation(firestoreUsdPerMillionDeletes, "firestoreDeletes"),
    queueSend: throughput,
    queueReceive: throughput,
    queueDelete: FREE,
    topicPublish: throughput,
    blobRead: perOperation(storageUsdPerMillionClassBOperations, "storageClassB"),
    blobWrite: perOperation(storageUsdPerMillionClassAOperations, "storageClassA"),
    blobList: perOperation(storageUsdPerMillionClassAOperations, "storageClassA"),
    blobDelete: FREE,
    secretRead: perOperation(secretManagerUsdPerMillionAccesses, "secretAccesses"),
    frontDoorRequest: FREE,
  },
  grants: {
    // Firestore's are of a day, so that a month's is what can be had of it at best: https://cloud.google.com/firestore/quotas
    firestoreReads: 50_000 * DAYS_PER_MONTH,
    firestoreWrites: 20_000 * DAYS_PER_MONTH,
    firestoreDeletes: 20_000 * DAYS_PER_MONTH,
    pubsubBytes: 10 * 2 ** 30,
    // https://cloud.google.com/storage/pricing#cloud-storage-always-free
    storageClassA: 5000,
    storageClassB: 50_000,
    // https://cloud.google.com/secret-manager/pricing
    secretAccesses: 10_000,
    // https://cloud.google.com/api-gateway/docs/pricing
    apiGatewayCalls: 2_000_000,
  },
};

/** What differs at the products that a deployment can choose instead. */
export const alternatives = {
  apiGateway: perOperation(apiGatewayUsdPerMillionCalls, "apiGatewayCalls"),
} as const;
