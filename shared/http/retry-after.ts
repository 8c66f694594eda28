/** The longest wait a vendor may impose: a clock an hour off in a date must not park a caller for days. */
const MAX_WAIT_MS = 3_600_000;

// IMF-fixdate, the one date form a sender may produce: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
const HTTP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads `Retry-After` (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3): whole or fractional seconds, or
 * an HTTP date. Clamped to 0 ms to one hour; `undefined` for anything else.
 */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,10}(?:\.\d{1,6})?$/.test(text)) return clamp(Number(text) * 1000);
  if (!HTTP_DATE.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : clamp(atMs - nowMs);
}

function clamp(milliseconds: number): number {
  return Math.min(MAX_WAIT_MS, Math.max(0, Math.ceil(milliseconds)));
}
