/**
 * The narrowest of the clouds, so that what works here works there: SQS delays by at most 900 s
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html), and a Storage
 * Queue message of 64 KB holds 48 KB before its base64
 * (https://learn.microsoft.com/azure/storage/queues/storage-queues-introduction).
 */
export const queueLimits = { maxDelaySeconds: 900, maxBodyBytes: 48 * 1024 } as const;

/** The portable class's own limit, said again because a function without blobs does not load that class. */
export const blobLimits = { maxBlobBytes: 32 * 1024 * 1024 } as const;
