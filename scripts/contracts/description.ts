import type { Operation, Schema } from "#shared/contracts";
import * as z from "zod";

/** An operation of a description, read only when it is used: descriptions have thousands. */
export type DescribedOperation = Pick<Operation, "method" | "path" | "select"> & {
  readonly read: () => Pick<Operation, "parameters" | "body" | "responses">;
};

/** A vendor's description in one form, whatever format it came in; schemas are JSON Schema 2020-12. */
export type Description = {
  readonly format: string;
  readonly operations: readonly DescribedOperation[];
  /** A definition that a schema refers to by `#/$defs/<name>`. */
  definition(name: string): Schema | undefined;
};

/** Any JSON object. */
export const Json = z.record(z.string(), z.unknown());
export type Json = z.infer<typeof Json>;

/** The member as an object; an empty one where it is none. */
export function objectAt(value: unknown, ...names: readonly string[]): Json {
  let found = value;
  for (const name of names) found = isObject(found) ? found[name] : undefined;
  return isObject(found) ? found : {};
}

/** The member as a list; an empty one where it is none. */
export function listAt(value: unknown, name: string): readonly unknown[] {
  const found = objectAt(value)[name];
  return Array.isArray(found) ? found : [];
}

/** The member as text. */
export function textAt(value: unknown, name: string): string | undefined {
  const found = objectAt(value)[name];
  return typeof found === "string" ? found : undefined;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
