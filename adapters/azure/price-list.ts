// Rendered by `npm run prices:update`, which checks what it writes: run that, and do not edit by hand.

/** Counts the changes of these figures. */
export const epoch = 1;

/** The day from which these figures were known to hold. */
export const effectiveFrom = "2026-11-21";

export const consumptionUsdPerMillionExecutions = 0.2;
export const consumptionUsdPerGbSecond = 0.000016;
export const flexUsdPerMillionExecutions = 0.4;
export const flexUsdPerGbSecond = 0.000026;
export const egressUsdPerGb = 0.087;
export const apiManagementUsdPerMillionCalls = 3.5;
export const cosmosUsdPerMillionRequestUnits = 0.25;
export const tableUsdPerMillionWrites = 0.036;
export const tableUsdPerMillionReads = 0.036;
export const tableUsdPerMillionDeletes = 0.036;
export const storageQueueUsdPerMillionClass1Operations = 0.4;
export const storageQueueUsdPerMillionClass2Operations = 0.4;
export const serviceBusUsdPerMillionOperations = 0.8;
export const eventGridUsdPerMillionOperations = 0.6;
export const blobUsdPerMillionWrites = 5;
export const blobUsdPerMillionLists = 5;
export const blobUsdPerMillionReads = 0.4;
export const keyVaultUsdPerMillionOperations = 3;

/** Where each figure was read. */
export const sources = {
  consumptionUsdPerMillionExecutions:
    "https://azure.microsoft.com/en-us/pricing/details/functions/",
  consumptionUsdPerGbSecond: "https://azure.microsoft.com/en-us/pricing/details/functions/",
  flexUsdPerMillionExecutions: "https://azure.microsoft.com/en-us/pricing/details/functions/",
  flexUsdPerGbSecond: "https://azure.microsoft.com/en-us/pricing/details/functions/",
  egressUsdPerGb: "https://azure.microsoft.com/en-us/pricing/details/bandwidth/",
  apiManagementUsdPerMillionCalls:
    "https://azure.microsoft.com/en-us/pricing/details/api-management/",
  cosmosUsdPerMillionRequestUnits:
    "https://azure.microsoft.com/en-us/pricing/details/cosmos-db/serverless/",
  tableUsdPerMillionWrites: "https://azure.microsoft.com/en-us/pricing/details/storage/tables/",
  tableUsdPerMillionReads: "https://azure.microsoft.com/en-us/pricing/details/storage/tables/",
  tableUsdPerMillionDeletes: "https://azure.microsoft.com/en-us/pricing/details/storage/tables/",
  storageQueueUsdPerMillionClass1Operations:
    "https://azure.microsoft.com/en-us/pricing/details/storage/queues/",
  storageQueueUsdPerMillionClass2Operations:
    "https://azure.microsoft.com/en-us/pricing/details/storage/queues/",
  serviceBusUsdPerMillionOperations:
    "https://azure.microsoft.com/en-us/pricing/details/service-bus/",
  eventGridUsdPerMillionOperations: "https://azure.microsoft.com/en-us/pricing/details/event-grid/",
  blobUsdPerMillionWrites: "https://azure.microsoft.com/en-us/pricing/details/storage/blobs/",
  blobUsdPerMillionLists: "https://azure.microsoft.com/en-us/pricing/details/storage/blobs/",
  blobUsdPerMillionReads: "https://azure.microsoft.com/en-us/pricing/details/storage/blobs/",
  keyVaultUsdPerMillionOperations: "https://azure.microsoft.com/en-us/pricing/details/key-vault/",
} as const;
