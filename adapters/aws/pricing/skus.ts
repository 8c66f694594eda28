import type { Sku } from "#shared/price-lists";

/** A product of an offer file: the attributes that single it out. */
export type AwsSku = Sku & {
  readonly offer: string;
  readonly productFamily: string;
  readonly attributes: Readonly<Record<string, string>>;
};

const here = { regionCode: "us-east-1" } as const;
const perRequest = { unit: "millionOperations", vendorUnit: "Requests", times: 1e6 } as const;
const lambda = { offer: "AWSLambda", productFamily: "Serverless" } as const;
const gbSecond = { unit: "gbSecond", vendorUnit: "Lambda-GB-Second", times: 1 } as const;
const dynamodb = {
  offer: "AmazonDynamoDB",
  productFamily: "Amazon DynamoDB PayPerRequest Throughput",
  unit: "millionOperations",
  times: 1e6,
} as const;
const apiRequest = { productFamily: "API Request", ...perRequest } as const;

/**
 * The products behind the figures. Usage types have no prefix in us-east-1 where a service is older than regions are.
 * Form and names: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
 */
export const skus: readonly AwsSku[] = [
  {
    figure: "lambdaUsdPerMillionRequests",
    ...lambda,
    ...perRequest,
    unit: "millionRequests",
    attributes: { ...here, group: "AWS-Lambda-Requests-ARM" },
  },
  {
    figure: "lambdaArmUsdPerGbSecond",
    ...lambda,
    ...gbSecond,
    attributes: { ...here, group: "AWS-Lambda-Duration-ARM" },
  },
  {
    figure: "lambdaX86UsdPerGbSecond",
    ...lambda,
    ...gbSecond,
    attributes: { ...here, group: "AWS-Lambda-Duration" },
  },
  {
    figure: "egressUsdPerGb",
    offer: "AWSDataTransfer",
    productFamily: "Data Transfer",
    unit: "egressGb",
    vendorUnit: "GB",
    times: 1,
    attributes: {
      fromRegionCode: "us-east-1",
      transferType: "AWS Outbound",
      toLocation: "External",
      usagetype: "DataTransfer-Out-Bytes",
    },
  },
  {
    figure: "httpApiUsdPerMillionRequests",
    offer: "AmazonApiGateway",
    productFamily: "API Calls",
    ...perRequest,
    attributes: { ...here, usagetype: "USE1-ApiGatewayHttpRequest" },
  },
  {
    figure: "dynamodbUsdPerMillionReadUnits",
    ...dynamodb,
    vendorUnit: "ReadRequestUnits",
    attributes: { ...here, group: "DDB-ReadUnits", usagetype: "ReadRequestUnits" },
  },
  {
    figure: "dynamodbUsdPerMillionWriteUnits",
    ...dynamodb,
    vendorUnit: "WriteRequestUnits",
    attributes: { ...here, group: "DDB-WriteUnits", usagetype: "WriteRequestUnits" },
  },
  {
    figure: "sqsUsdPerMillionRequests",
    offer: "AWSQueueService",
    ...apiRequest,
    attributes: { ...here, queueType: "Standard", usagetype: "Requests-RBP" },
  },
  {
    figure: "sqsFifoUsdPerMillionRequests",
    offer: "AWSQueueService",
    ...apiRequest,
    attributes: {
      ...here,
      queueType: "FIFO (first-in, first-out)",
      usagetype: "Requests-FIFO-RBP",
    },
  },
  {
    figure: "snsUsdPerMillionRequests",
    offer: "AmazonSNS",
    ...apiRequest,
    attributes: { ...here, usagetype: "Requests-Tier1" },
  },
  {
    figure: "eventBridgeUsdPerMillionEvents",
    offer: "AWSEvents",
    productFamily: "EventBridge",
    unit: "millionOperations",
    vendorUnit: "64K Chunks",
    times: 1e6,
    attributes: { ...here, eventType: "Custom Event", usagetype: "USE1-Event-64K-Chunks" },
  },
  {
    figure: "s3UsdPerMillionWrites",
    offer: "AmazonS3",
    ...apiRequest,
    attributes: { ...here, group: "S3-API-Tier1", usagetype: "Requests-Tier1" },
  },
  {
    figure: "s3UsdPerMillionReads",
    offer: "AmazonS3",
    ...apiRequest,
    attributes: { ...here, group: "S3-API-Tier2", usagetype: "Requests-Tier2" },
  },
  {
    figure: "secretsManagerUsdPerMillionCalls",
    offer: "AWSSecretsManager",
    productFamily: "API Request",
    unit: "millionOperations",
    vendorUnit: "API Requests",
    times: 1e6,
    attributes: { ...here, usagetype: "USE1-AWSSecretsManagerAPIRequest" },
  },
];
