/** What an answer tells of a budget: how many requests are left, and when there are new ones. */
export type RateBudget = { readonly remaining: number; readonly resetMs: number };

/** A wrong clock must not park a caller for days. */
const MAX_RESET_MS = 3_600_000;
/** A number as large as this is a moment, not a wait: seconds since 1970, or milliseconds. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MS = 1e12;

/** Vendors' names for the same two numbers; a `-after` is always a wait. */
const pairs = [
  ["x-ratelimit-remaining", "x-ratelimit-reset-after"],
  ["x-ratelimit-remaining", "x-ratelimit-reset"],
  ["x-rate-limit-remaining", "x-rate-limit-reset"],
  ["ratelimit-remaining", "ratelimit-reset"],
] as const;

/**
 * Reads the budget an answer's headers tell: `RateLimit` as the IETF draft has it now and had it before
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/), and the `X-RateLimit-*` families that came
 * first. A moment is measured by the vendor's own clock where it shows one. `undefined` for none and for garbage.
 */
export function readRateBudget(
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): RateBudget | undefined {
  const structured = readStructured(headers["ratelimit"]);
  const pair = pairs.find(
    ([left, reset]) => headers[left] !== undefined && headers[reset] !== undefined,
  );
  const [left, reset] = structured ?? pair?.map((name) => headers[name]) ?? [];
  const remaining = numberOf(left);
  const resets = numberOf(reset);
  if (remaining === undefined || resets === undefined) return undefined;
  const resetMs = waitMs(resets, clockOf(headers, nowMs));
  return { remaining, resetMs: Math.min(MAX_RESET_MS, Math.max(0, Math.ceil(resetMs))) };
}

/** How long a used-up budget stays so; `undefined` where it is not used up. */
export function rateLimitResetMs(
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): number | undefined {
  const budget = readRateBudget(headers, nowMs);
  return budget !== undefined && budget.remaining < 1 ? budget.resetMs : undefined;
}

/** `"default";r=50;t=30`, and `limit=100, remaining=50, reset=30` before it. */
function readStructured(value: string | undefined): readonly (string | undefined)[] | undefined {
  if (value === undefined) return undefined;
  const read = (name: string): string | undefined =>
    new RegExp(`(?:^|[;,\\s])${name}=(\\d{1,15})(?:$|[;,\\s])`).exec(value)?.[1];
  const left = read("r") ?? read("remaining");
  const reset = read("t") ?? read("reset");
  return left === undefined || reset === undefined ? undefined : [left, reset];
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}(?:\.\d{1,9})?$/.test(text.trim())
    ? Number(text)
    : undefined;
}

function waitMs(reset: number, nowMs: number): number {
  if (reset >= EPOCH_MS) return reset - nowMs;
  return reset >= EPOCH_SECONDS ? reset * 1000 - nowMs : reset * 1000;
}

function clockOf(headers: Readonly<Record<string, string>>, nowMs: number): number {
  const atMs = Date.parse(headers["date"] ?? "");
  return Number.isNaN(atMs) ? nowMs : atMs;
}
