import { Fault } from "#shared/errors";
import type * as z from "zod";
import { canonicalJson } from "./canonical-json.ts";
import type { StateRow } from "./driver.ts";
import { encodeRev, type Rev } from "./rev.ts";

/** A stored value and the revision to base the next write on. */
export type Entry<V> = {
  readonly value: V;
  readonly rev: Rev;
  readonly expiresAtSeconds?: number;
};

/** What the portable class needs of a store's definition. */
export type StoreShape<V> = {
  readonly name: string;
  readonly schema: z.ZodType<V>;
  readonly partition: string;
  readonly sort: string;
  readonly ttl: boolean;
};

/**
 * DynamoDB's 400 KB, names and keys included, is the smallest row of the clouds
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
 */
export const MAX_VALUE_BYTES = 350 * 1024;

/** Checks a value against the schema and gives it with its text. Throws `invalid_argument` or `too_large`. */
export function encodeValue<V>(shape: StoreShape<V>, value: V): { value: V; data: string } {
  const parsed = shape.schema.safeParse(value);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") || "value";
    throw new Fault(
      "invalid_argument",
      `state.write: ${field} does not fit the schema of "${shape.name}"; correct it`,
      { details: { store: shape.name, field } },
    );
  }
  const data = canonicalJson(parsed.data);
  const sizeBytes = Buffer.byteLength(data);
  if (sizeBytes <= MAX_VALUE_BYTES) return { value: parsed.data, data };
  throw new Fault(
    "too_large",
    `state.write: the value has ${sizeBytes} bytes, at most ${MAX_VALUE_BYTES} fit; store a part of it`,
    { details: { store: shape.name, sizeBytes } },
  );
}

/** Reads a row. Throws `internal` when the schema has changed under the data. */
export function decodeRow<V>(shape: StoreShape<V>, row: StateRow): Entry<V> {
  const parsed = shape.schema.safeParse(JSON.parse(row.data));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") || "value";
    throw new Fault(
      "internal",
      `state.read: a row of "${shape.name}" no longer fits its schema at ${field}; migrate it or widen the schema`,
      { details: { store: shape.name, field } },
    );
  }
  const expiry = row.expiresAtSeconds === null ? {} : { expiresAtSeconds: row.expiresAtSeconds };
  return { value: parsed.data, rev: encodeRev(row), ...expiry };
}

/** The text of a key field; throws `invalid_argument` where types were bypassed and it is no text. */
export function keyText(source: object, field: string): string {
  const text: unknown = Reflect.get(source, field);
  if (typeof text === "string") return text;
  throw new Fault("invalid_argument", `state.key: ${field} is missing; give the key's text`);
}
