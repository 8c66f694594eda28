/** Fields of a log line, a metric or a span; plain values only, so that every backend can index them. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Fields every record carries, the same names on every cloud. */
export type Scope = {
  readonly function: string;
  readonly runtime: string;
  readonly invocation: string;
  readonly tenant: string;
  readonly traceId: string;
  readonly spanId: string;
};

export type Level = "debug" | "info" | "warn" | "error";

export type LogRecord = {
  readonly level: Level;
  readonly message: string;
  readonly timeMs: number;
  readonly scope: Scope;
  readonly fields: Fields;
};

export type MetricRecord = {
  readonly name: string;
  readonly unit: "count" | "milliseconds" | "bytes";
  readonly value: number;
  readonly timeMs: number;
  readonly scope: Scope;
};

/** A finished span in the terms of the OpenTelemetry data model. */
export type SpanRecord = {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly status: "ok" | "error";
  readonly scope: Scope;
  readonly fields: Fields;
};

/** Where records go. Never throws and never blocks: an invocation must not fail for its telemetry. */
export interface TelemetryDriver {
  readonly name: string;
  log(record: LogRecord): void;
  metric(record: MetricRecord): void;
  span(record: SpanRecord): void;
  /** Resolves when everything handed in so far has left the process. */
  flush(): Promise<void>;
}
