import { type Refused, refuse } from "./request.ts";

/** A value that was read, or why not. */
export type Read<T> = { readonly ok: true; readonly value: T } | Refused;

const digits = { seconds: /^[1-9]\d{9}$/, milliseconds: /^[1-9]\d{12}$/ };

/** A signed time, as its text. Refuses any other spelling, and what is too far from now in either direction. */
export function checkTimestamp(
  value: string | undefined,
  rule: { readonly unit: "seconds" | "milliseconds"; readonly toleranceSeconds: number },
  nowMs: number,
): Read<string> {
  if (value === undefined || value === "") return refuse("missing-timestamp");
  // Number() would also take spaces, signs, hex and fractions: many texts for one time.
  if (!digits[rule.unit].test(value)) return refuse("malformed-timestamp");
  const atMs = Number(value) * (rule.unit === "seconds" ? 1000 : 1);
  return isTimely(atMs, rule.toleranceSeconds, nowMs) ? { ok: true, value } : refuse("stale");
}

/** Whether a time is within the tolerance, in the past and in the future; what is no time is not. */
export function isTimely(atMs: number, toleranceSeconds: number, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) <= toleranceSeconds * 1000;
}
