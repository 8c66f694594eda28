import * as z from "zod";

/** What the engine answers a host, and what it can carry: all that a function's bundle needs of the protocol. */
export const Row = z.object({
  key: z.object({ store: z.string(), partition: z.string(), sort: z.string() }),
  data: z.string(),
  rev: z.string(),
  expiresAtSeconds: z.int().nullable(),
  handle: z.string(),
});

export const WriteResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), handle: z.string() }),
  z.object({ ok: z.literal(false), current: Row.optional() }),
]);

export const TransactResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), handles: z.array(z.string()) }),
  z.object({ ok: z.literal(false), failedAt: z.int() }),
]);

/**
 * The narrowest of the clouds, so that what works here works there: SQS delays by at most 900 s
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html), and a Storage
 * Queue message of 64 KB holds 48 KB before its base64
 * (https://learn.microsoft.com/azure/storage/queues/storage-queues-introduction).
 */
export const queueLimits = { maxDelaySeconds: 900, maxBodyBytes: 48 * 1024 } as const;

/** The portable class's own limit, said again because a function without blobs does not load that class. */
export const blobLimits = { maxBlobBytes: 32 * 1024 * 1024 } as const;
