import { CloudEvent } from "#shared/topic";
import * as z from "zod";

/**
 * What a host and the engine say to each other. Both sides read it with these schemas: what crosses a process is
 * outside until it was checked.
 */
const text = z.string().max(2_000_000);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,99}$/);

export const Publish = z.object({ topic: name, events: z.array(CloudEvent).max(1_000) });

export const Send = z.object({
  queue: name,
  messages: z.array(z.object({ body: text, delaySeconds: z.int().min(0).max(900) })).max(1_000),
});

/**
 * The narrowest of the clouds, so that what works here works there: SQS delays by at most 900 s
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html), and a Storage
 * Queue message of 64 KB holds 48 KB before its base64
 * (https://learn.microsoft.com/azure/storage/queues/storage-queues-introduction).
 */
export const queueLimits = { maxDelaySeconds: 900, maxBodyBytes: 48 * 1024 } as const;

/** The portable class's own limit, said again because a function without blobs does not load that class. */
export const blobLimits = { maxBlobBytes: 32 * 1024 * 1024 } as const;
