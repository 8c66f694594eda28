import { CloudEvent } from "#shared/topic";
import * as z from "zod";

/**
 * What a host asks of the engine, and below, in `answers.ts`, what it is told. Both sides read the other's words with
 * schemas: what crosses a process is outside until it was checked.
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

const name = z.string().regex(/^[a-z][a-z0-9-]{0,99}$/);

export const Publish = z.object({ topic: name, events: z.array(CloudEvent).max(1_000) });

export const Send = z.object({
  queue: name,
  messages: z.array(z.object({ body: text, delaySeconds: z.int().min(0).max(900) })).max(1_000),
});

export const MeterCall = z.object({ subject: z.string().max(400), lines: z.string().max(40_000) });
