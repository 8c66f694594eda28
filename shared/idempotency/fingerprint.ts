import { createHash } from "node:crypto";

/** A digest by which equal JSON is recognised, whatever the order of its members. */
export function fingerprint(value: unknown): string {
  return createHash("sha256").update(sortedJson(value)).digest("hex");
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, sortMembers) ?? "undefined";
}

function sortMembers(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
