// Rendered by `npm run prices:update`, which checks what it writes: run that, and do not edit by hand.

/** Counts the changes of these figures. */
export const epoch = 1;

/** The day from which these figures were known to hold. */
export const effectiveFrom = "2026-11-21";

export const lambdaUsdPerMillionRequests = 0.2;
export const lambdaArmUsdPerGbSecond = 0.0000133334;
export const lambdaX86UsdPerGbSecond = 0.0000166667;
export const egressUsdPerGb = 0.09;
export const httpApiUsdPerMillionRequests = 1;
export const dynamodbUsdPerMillionReadUnits = 0.125;
export const dynamodbUsdPerMillionWriteUnits = 0.625;
export const sqsUsdPerMillionRequests = 0.4;
export const sqsFifoUsdPerMillionRequests = 0.5;
export const snsUsdPerMillionRequests = 0.5;
export const eventBridgeUsdPerMillionEvents = 1;
export const s3UsdPerMillionWrites = 5;
export const s3UsdPerMillionReads = 0.4;
export const secretsManagerUsdPerMillionCalls = 5;

/** Where each figure was read. */
export const sources = {
  lambdaUsdPerMillionRequests: "https://aws.amazon.com/lambda/pricing/",
  lambdaArmUsdPerGbSecond: "https://aws.amazon.com/lambda/pricing/",
  lambdaX86UsdPerGbSecond: "https://aws.amazon.com/lambda/pricing/",
  egressUsdPerGb: "https://aws.amazon.com/ec2/pricing/on-demand/",
  httpApiUsdPerMillionRequests: "https://aws.amazon.com/api-gateway/pricing/",
  dynamodbUsdPerMillionReadUnits: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
  dynamodbUsdPerMillionWriteUnits: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
  sqsUsdPerMillionRequests: "https://aws.amazon.com/sqs/pricing/",
  sqsFifoUsdPerMillionRequests: "https://aws.amazon.com/sqs/pricing/",
  snsUsdPerMillionRequests: "https://aws.amazon.com/sns/pricing/",
  eventBridgeUsdPerMillionEvents: "https://aws.amazon.com/eventbridge/pricing/",
  s3UsdPerMillionWrites: "https://aws.amazon.com/s3/pricing/",
  s3UsdPerMillionReads: "https://aws.amazon.com/s3/pricing/",
  secretsManagerUsdPerMillionCalls: "https://aws.amazon.com/secrets-manager/pricing/",
} as const;
