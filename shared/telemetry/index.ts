export type {
  Fields,
  Level,
  LogRecord,
  MetricRecord,
  Scope,
  SpanRecord,
  TelemetryDriver,
} from "./driver.ts";
export { jsonLines, type JsonLinesOptions } from "./json-lines.ts";
export { Logger } from "./logger.ts";
export { memoryTelemetry, type MemoryTelemetry } from "./memory.ts";
export { Metrics } from "./metrics.ts";
export { recordFields } from "./record-fields.ts";
export { type TelemetryPorts, Trace, type TraceOwner } from "./trace.ts";
export { formatTraceparent, parseTraceparent, type SpanContext } from "./trace-context.ts";
