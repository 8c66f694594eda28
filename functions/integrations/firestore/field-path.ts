import { Fault } from "#shared/errors";
import * as z from "zod";

/** A field within a document, by the names on the way to it. */
export type FieldPath = readonly string[];

/** The document's name, which queries may order and filter by like a field. */
export const NAME_FIELD = "__name__";

/** `address.city`, or names in backticks: https://cloud.google.com/firestore/docs/reference/rest/v1/Document#FIELDS.fields */
export const fieldPath = z.string().min(1).max(1_500);

const SIMPLE = /^[A-Za-z_][A-Za-z_0-9]*$/;
const SEGMENT = /([A-Za-z_][A-Za-z_0-9]*)|`((?:[^`\\]|\\[`\\])+)`/y;

/** Reads a field path. Throws `invalid_argument` from `caller` for anything else. */
export function parseFieldPath(text: string): FieldPath {
  const names: string[] = [];
  let position = 0;
  for (;;) {
    SEGMENT.lastIndex = position;
    const found = SEGMENT.exec(text);
    if (found === null) throw notAPath(text);
    names.push(found[1] ?? (found[2] ?? "").replaceAll(/\\([`\\])/g, "$1"));
    position = SEGMENT.lastIndex;
    if (position === text.length) return names;
    if (text[position] !== ".") throw notAPath(text);
    position += 1;
  }
}

/** Writes a field path as the vendor reads it; the inverse of {@link parseFieldPath}. */
export function formatFieldPath(names: FieldPath): string {
  return names
    .map((name) => (SIMPLE.test(name) ? name : `\`${name.replaceAll(/[`\\]/g, "\\$&")}\``))
    .join(".");
}

/** Whether `path` is one of `fields` or within one. */
export function isWithin(fields: readonly FieldPath[], path: FieldPath): boolean {
  return fields.some(
    (field) => field.length <= path.length && field.every((name, index) => name === path[index]),
  );
}

function notAPath(text: string): Fault {
  return new Fault(
    "invalid_argument",
    "firestore.field: this is no field path; write names joined by dots, others than letters, digits and _ in backticks",
    { origin: "caller", details: { field: text.slice(0, 100) } },
  );
}
