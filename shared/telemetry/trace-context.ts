import type { Random } from "#shared/function";

/** The ids of a span in the W3C form (https://www.w3.org/TR/trace-context/#traceparent-header). */
export type SpanContext = {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
};

// A later version may append members behind a dash; version 00 may not, and ff is forbidden.
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);

/** Reads a `traceparent`; `undefined` for anything the specification calls invalid. */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const match = text === undefined ? null : TRACEPARENT.exec(text.trim());
  if (match === null) return undefined;
  const [, version, traceId, spanId, flags, rest] = match;
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Writes a version 00 `traceparent`. */
export function formatTraceparent({ traceId, spanId, sampled }: SpanContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

/** A span below the parent, or the first span of a new, sampled trace where there is none. */
export function childOf(parent: SpanContext | undefined, random: Random): SpanContext {
  if (parent === undefined) {
    return { traceId: hexId(random, 16), spanId: hexId(random, 8), sampled: true };
  }
  return { traceId: parent.traceId, spanId: hexId(random, 8), sampled: parent.sampled };
}

function hexId(random: Random, length: number): string {
  const id = Buffer.from(random.bytes(length)).toString("hex");
  // All zero means "invalid"; a source of randomness that gives only zeros must not end in a loop.
  return /[1-9a-f]/.test(id) ? id : `${id.slice(0, -1)}1`;
}
