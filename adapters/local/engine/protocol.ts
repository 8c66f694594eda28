import { CloudEvent } from "#shared/topic";
import * as z from "zod";

/**
 * What a host and the engine say to each other. Both sides read it with these schemas: what crosses a process is
 * outside until it was checked.
 */
const key = z.string().regex(/^[A-Za-z0-9._~-]{0,800}$/);
const text = z.string().max(2_000_000);

export const Key = z.object({ store: z.string().min(1).max(100), partition: key, sort: key });

const Condition = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("any") }),
  z.object({ kind: z.literal("absent"), nowSeconds: z.int() }),
  z.object({ kind: z.literal("handle"), handle: z.string().max(200) }),
]);

export const Write = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("put"),
    key: Key,
    data: text,
    rev: z.string().min(1).max(100),
    expiresAtSeconds: z.int().nullable(),
    condition: Condition,
  }),
  z.object({ kind: z.literal("delete"), key: Key, condition: Condition }),
]);

export const Transaction = z.array(Write).max(100);

export const Range = z.object({
  store: Key.shape.store,
  partition: key,
  from: key,
  to: key.optional(),
  limit: z.int().min(1).max(10_000),
  descending: z.boolean(),
  after: key.optional(),
});

export const Row = z.object({
  key: Key,
  data: text,
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
