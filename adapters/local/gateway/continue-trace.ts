import { randomBytes } from "node:crypto";
import { formatTraceparent, parseTraceparent } from "#shared/telemetry";

/** A span of our own in the caller's trace, or in a new one. */
export function continueTrace(traceparent: string | undefined): string {
  const parent = parseTraceparent(traceparent);
  const traceId = parent?.traceId ?? randomBytes(16).toString("hex");
  const spanId = randomBytes(8).toString("hex");
  return formatTraceparent({ traceId, spanId, sampled: parent?.sampled ?? true });
}
