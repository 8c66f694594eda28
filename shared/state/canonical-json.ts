import { Fault } from "#shared/errors";

const MAX_DEPTH = 64;

/**
 * JSON text with sorted keys, so that equal values are equal text. Throws `invalid_argument`, naming the place, for
 * what JSON would silently change (NaN, a Date, undefined in an array) or what is dangerous to read back.
 * Undefined properties are left out.
 */
export function canonicalJson(value: unknown): string {
  return write(value, "value", 0);
}

function write(value: unknown, path: string, depth: number): string {
  if (depth > MAX_DEPTH) throw refused(path, "is nested too deep");
  if (value === null || typeof value === "boolean" || typeof value === "string") {
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (Number.isFinite(value)) return JSON.stringify(value);
    throw refused(path, "is no finite number");
  }
  if (Array.isArray(value)) {
    const items = Array.from(value, (item, index) => write(item, `${path}.${index}`, depth + 1));
    return `[${items.join(",")}]`;
  }
  if (!isPlain(value)) throw refused(path, `is a ${typeof value} that JSON cannot carry`);
  const members = Object.keys(value)
    .sort()
    .filter((key) => value[key] !== undefined)
    .map((key) => {
      if (key === "__proto__") throw refused(path, "has a member named __proto__");
      return `${JSON.stringify(key)}:${write(value[key], `${path}.${key}`, depth + 1)}`;
    });
  return `{${members.join(",")}}`;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refused(path: string, what: string): Fault {
  return new Fault("invalid_argument", `state.write: ${path} ${what}; store plain JSON`);
}
