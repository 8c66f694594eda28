import type { LogRecord, MetricRecord, SpanRecord, TelemetryDriver } from "./driver.ts";

/** A telemetry driver that keeps its records, for tests. */
export type MemoryTelemetry = TelemetryDriver & {
  readonly logs: LogRecord[];
  readonly metrics: MetricRecord[];
  readonly spans: SpanRecord[];
};

/** Reference driver: records in arrays, in the order they came. */
export function memoryTelemetry(): MemoryTelemetry {
  const logs: LogRecord[] = [];
  const metrics: MetricRecord[] = [];
  const spans: SpanRecord[] = [];
  return {
    name: "memory",
    logs,
    metrics,
    spans,
    log: (record) => void logs.push(record),
    metric: (record) => void metrics.push(record),
    span: (record) => void spans.push(record),
    async flush() {},
  };
}
