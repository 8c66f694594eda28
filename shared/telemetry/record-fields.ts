import type { Fields, Scope } from "./driver.ts";

/** Names that every line carries; a field of a record cannot take their place. */
const reserved: ReadonlySet<string> = new Set([
  "level",
  "severity",
  "message",
  "timestamp",
  "service",
  "function",
  "runtime",
  "invocation",
  "tenant",
  "trace_id",
  "span_id",
]);

/**
 * The members of a log line after level, message, timestamp and service: the scope under the names that are the
 * same on every cloud, then the record's own fields. A field with one of the common names moves to `field_<name>`.
 */
export function recordFields(record: {
  readonly scope: Scope;
  readonly fields: Fields;
}): Record<string, string | number | boolean> {
  const { scope, fields } = record;
  const flat: Record<string, string | number | boolean> = {
    function: scope.function,
    runtime: scope.runtime,
    invocation: scope.invocation,
    tenant: scope.tenant,
    trace_id: scope.traceId,
    span_id: scope.spanId,
  };
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) flat[reserved.has(key) ? `field_${key}` : key] = value;
  }
  return flat;
}
