import * as z from "zod";

/**
 * Calls of a driver between two processes. Both sides read them with these schemas: what crosses a process is outside
 * until it was checked.
 */
const key = z.string().regex(/^[A-Za-z0-9._~-]{0,800}$/);
const text = z.string().max(2_000_000);

export const WireKey = z.object({ store: z.string().min(1).max(100), partition: key, sort: key });

const Condition = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("any") }),
  z.object({ kind: z.literal("absent"), nowSeconds: z.int() }),
  z.object({ kind: z.literal("handle"), handle: z.string().max(200) }),
]);

export const WireWrite = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("put"),
    key: WireKey,
    data: text,
    rev: z.string().min(1).max(100),
    expiresAtSeconds: z.int().nullable(),
    condition: Condition,
  }),
  z.object({ kind: z.literal("delete"), key: WireKey, condition: Condition }),
]);

export const WireTransaction = z.array(WireWrite).max(100);

export const WireRange = z.object({
  store: WireKey.shape.store,
  partition: key,
  from: key,
  to: key.optional(),
  limit: z.int().min(1).max(10_000),
  descending: z.boolean(),
  after: key.optional(),
});

export const WireRow = z.object({
  key: WireKey,
  data: text,
  rev: z.string(),
  expiresAtSeconds: z.int().nullable(),
  handle: z.string(),
});

export const WireWriteResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), handle: z.string() }),
  z.object({ ok: z.literal(false), current: WireRow.optional() }),
]);

export const WireTransactResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), handles: z.array(z.string()) }),
  z.object({ ok: z.literal(false), failedAt: z.int() }),
]);
