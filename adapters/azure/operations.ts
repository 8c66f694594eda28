import {
  FREE,
  type OperationPrice,
  type OperationPrices,
  perOperation,
  perStep,
} from "#shared/operations";
import {
  apiManagementUsdPerMillionCalls,
  blobUsdPerMillionLists,
  blobUsdPerMillionReads,
  blobUsdPerMillionWrites,
  cosmosUsdPerMillionRequestUnits,
  eventGridUsdPerMillionOperations,
  keyVaultUsdPerMillionOperations,
  serviceBusUsdPerMillionOperations,
  storageQueueUsdPerMillionClass1Operations,
  storageQueueUsdPerMillionClass2Operations,
  tableUsdPerMillionDeletes,
  tableUsdPerMillionReads,
  tableUsdPerMillionWrites,
} from "./price-list.ts";

const KB = 1024;

// 1 unit to read 1 KB, 10 for 100 KB; 5 to write 1 KB, 48 for 100 KB, a delete as a write:
// https://learn.microsoft.com/azure/cosmos-db/key-value-store-cost
// The charge is what the engine measures, and only this is known beforehand.
const requestUnits: OperationPrice = {
  ...perStep(cosmosUsdPerMillionRequestUnits, 10 * KB),
  isEstimate: true,
};
const written: OperationPrice = { ...requestUnits, unitsPerStep: 5 };

/** What differs at the products that a deployment can choose instead. */
export const alternatives = {
  table: {
    stateRead: perOperation(tableUsdPerMillionReads),
    stateWrite: perOperation(tableUsdPerMillionWrites),
    stateDelete: perOperation(tableUsdPerMillionDeletes),
  },
  /** Standard, whose base charge of about 10 USD a month holds 13 million operations; each is 64 KB of a message. */
  serviceBus: perStep(serviceBusUsdPerMillionOperations, 64 * KB),
  apiManagement: perOperation(apiManagementUsdPerMillionCalls, "apiManagementCalls"),
} as const;

/**
 * Cosmos DB serverless, storage queues, Event Grid, Blob Storage (hot, locally redundant), Key Vault and the functions'
 * own endpoint in East US. A request for several messages is counted once for each: a receipt is an upper bound.
 */
export const operations: OperationPrices = {
  operations: {
    stateRead: requestUnits,
    stateWrite: written,
    stateDelete: written,
    // Puts are of class 1, gets and deletes of class 2: https://azure.microsoft.com/en-us/pricing/details/storage/queues/
    queueSend: perOperation(storageQueueUsdPerMillionClass1Operations),
    queueReceive: perOperation(storageQueueUsdPerMillionClass2Operations),
    queueDelete: perOperation(storageQueueUsdPerMillionClass2Operations),
    // An event comes in and goes out, each 64 KB of it an operation: https://azure.microsoft.com/en-us/pricing/details/event-grid/
    topicPublish: {
      ...perStep(eventGridUsdPerMillionOperations, 64 * KB, "eventGridOperations"),
      unitsPerStep: 2,
    },
    blobRead: perOperation(blobUsdPerMillionReads),
    blobWrite: perOperation(blobUsdPerMillionWrites),
    blobList: perOperation(blobUsdPerMillionLists),
    blobDelete: FREE,
    secretRead: perOperation(keyVaultUsdPerMillionOperations),
    frontDoorRequest: FREE,
  },
  products: {
    "azure-table": alternatives.table,
    "azure-service-bus": { queueSend: alternatives.serviceBus },
  },
  // https://azure.microsoft.com/en-us/pricing/details/api-management/
  grants: { eventGridOperations: 100_000, apiManagementCalls: 1_000_000 },
};
