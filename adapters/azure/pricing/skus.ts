import type { Sku } from "#shared/price-lists";

/** A meter of the retail prices, in East US. */
export type AzureSku = Sku & {
  readonly serviceName: string;
  readonly productName: string;
  readonly skuName: string;
  readonly meterName: string;
};

const functions = {
  serviceName: "Functions",
  productName: "Functions",
  skuName: "Standard",
} as const;
const flex = {
  serviceName: "Functions",
  productName: "Flex Consumption",
  skuName: "On Demand",
} as const;
const perTen = { unit: "millionRequests", vendorUnit: "10", times: 1e5 } as const;
const gbSecond = { unit: "gbSecond", vendorUnit: "1 GB Second", times: 1 } as const;
const perTenThousand = { unit: "millionOperations", vendorUnit: "10K", times: 100 } as const;
const perMillion = { unit: "millionOperations", vendorUnit: "1M", times: 1 } as const;
const storage = { serviceName: "Storage", ...perTenThousand } as const;
const table = { ...storage, productName: "Tables", skuName: "Standard LRS" } as const;
const queue = { ...storage, productName: "Queues v2", skuName: "Standard LRS" } as const;
const blob = { ...storage, productName: "General Block Blob v2", skuName: "Hot LRS" } as const;

/**
 * The meters behind the figures. Form and names:
 * https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices
 */
export const skus: readonly AzureSku[] = [
  {
    figure: "consumptionUsdPerMillionExecutions",
    ...functions,
    ...perTen,
    meterName: "Standard Total Executions",
  },
  {
    figure: "consumptionUsdPerGbSecond",
    ...functions,
    ...gbSecond,
    meterName: "Standard Execution Time",
  },
  {
    figure: "flexUsdPerMillionExecutions",
    ...flex,
    ...perTen,
    meterName: "On Demand Total Executions",
  },
  { figure: "flexUsdPerGbSecond", ...flex, ...gbSecond, meterName: "On Demand Execution Time" },
  {
    // The Microsoft network, which is the default, and not the cheaper one of the internet.
    figure: "egressUsdPerGb",
    serviceName: "Bandwidth",
    productName: "Rtn Preference: MGN",
    skuName: "Standard",
    meterName: "Standard Data Transfer Out",
    unit: "egressGb",
    vendorUnit: "1 GB",
    times: 1,
  },
  {
    figure: "apiManagementUsdPerMillionCalls",
    serviceName: "API Management",
    productName: "API Management",
    skuName: "Consumption",
    meterName: "Consumption Calls",
    ...perTenThousand,
  },
  {
    figure: "cosmosUsdPerMillionRequestUnits",
    serviceName: "Azure Cosmos DB",
    productName: "Azure Cosmos DB serverless",
    skuName: "RUs",
    meterName: "1M RUs",
    ...perMillion,
  },
  { figure: "tableUsdPerMillionWrites", ...table, meterName: "Write Operations" },
  { figure: "tableUsdPerMillionReads", ...table, meterName: "Read Operations" },
  { figure: "tableUsdPerMillionDeletes", ...table, meterName: "Delete Operations" },
  {
    figure: "storageQueueUsdPerMillionClass1Operations",
    ...queue,
    meterName: "LRS Class 1 Operations",
  },
  {
    figure: "storageQueueUsdPerMillionClass2Operations",
    ...queue,
    meterName: "LRS Class 2 Operations",
  },
  {
    figure: "serviceBusUsdPerMillionOperations",
    serviceName: "Service Bus",
    productName: "Service Bus",
    skuName: "Standard",
    meterName: "Standard Messaging Operations",
    ...perMillion,
  },
  {
    figure: "eventGridUsdPerMillionOperations",
    serviceName: "Event Grid",
    productName: "Event Grid",
    skuName: "Standard",
    meterName: "Standard Operations",
    unit: "millionOperations",
    vendorUnit: "100K",
    times: 10,
  },
  { figure: "blobUsdPerMillionWrites", ...blob, meterName: "Hot LRS Write Operations" },
  {
    figure: "blobUsdPerMillionLists",
    ...blob,
    meterName: "LRS List and Create Container Operations",
  },
  { figure: "blobUsdPerMillionReads", ...blob, meterName: "Hot Read Operations" },
  {
    figure: "keyVaultUsdPerMillionOperations",
    serviceName: "Key Vault",
    productName: "Key Vault",
    skuName: "Standard",
    meterName: "Operations",
    ...perTenThousand,
  },
];
