import type { Fields, Level, LogRecord, Scope, TelemetryDriver } from "./driver.ts";
import { recordFields } from "./record-fields.ts";

export type JsonLinesOptions = {
  /** `severity` adds the level under the name and in the words of Google Cloud Logging. */
  readonly levelField?: "level" | "severity";
  /** Members that only this cloud's log viewer understands, such as its own name for the trace. */
  readonly extra?: (scope: Scope) => Fields;
};

// https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity
const severities: Readonly<Record<Level, string>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
};

/**
 * Telemetry as one JSON object per line, with the same members on every cloud: level, message, timestamp,
 * service, function, runtime, invocation, tenant, trace_id, span_id, then the record's fields. Metrics and spans
 * are lines too, with `metric` or `span` as their name. `write` gets each line without its line break.
 */
export function jsonLines(
  write: (line: string) => void,
  options: JsonLinesOptions = {},
): TelemetryDriver {
  const line = (record: LogRecord): void => {
    const { level, message, timeMs, scope } = record;
    const timestamp = new Date(timeMs).toISOString();
    const severity = options.levelField === "severity" ? { severity: severities[level] } : {};
    const head = { level, ...severity, message, timestamp, service: "auterity" };
    write(JSON.stringify({ ...options.extra?.(scope), ...head, ...recordFields(record) }));
  };
  return {
    name: "json-lines",
    log: line,
    metric({ name, unit, value, timeMs, scope }) {
      const fields = { metric: name, unit, value };
      line({ level: "info", message: "metric", timeMs, scope, fields });
    },
    span(span) {
      const { name, startMs, endMs, parentSpanId, status, scope } = span;
      const own = { span: name, parent_span_id: parentSpanId, status };
      const fields = { ...span.fields, ...own, duration_ms: endMs - startMs };
      line({ level: "debug", message: "span", timeMs: endMs, scope, fields });
    },
    async flush() {},
  };
}
