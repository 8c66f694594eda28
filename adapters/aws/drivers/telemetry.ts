import { Logger, LogFormatter, LogItem } from "@aws-lambda-powertools/logger";
import type { LogAttributes, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { type LogRecord, recordFields, type TelemetryDriver } from "#shared/telemetry";

/** Powertools' logger and metrics as a telemetry driver; the entry runs their middy middlewares. */
export type AwsTelemetry = TelemetryDriver & {
  readonly logger: Logger;
  readonly metrics: Metrics;
};

const units = {
  count: MetricUnit.Count,
  milliseconds: MetricUnit.Milliseconds,
  bytes: MetricUnit.Bytes,
} as const;

/**
 * Lambda's telemetry through Powertools. Off classic Lambda many invocations share one process and Powertools
 * keeps keys in shared fields, so nothing of an invocation is stored in the logger: every line gets its own.
 * https://docs.powertools.aws.dev/lambda/typescript/latest/features/logger/
 */
export function awsTelemetry(): AwsTelemetry {
  const logger = new Logger({
    serviceName: "auterity",
    // Spans are debug lines, as on the other clouds; Powertools' own variables still decide.
    logLevel: "DEBUG",
    logFormatter: new SameFields(),
  });
  const metrics = new Metrics({ namespace: "auterity", serviceName: "auterity" });
  return {
    name: "powertools",
    logger,
    metrics,
    log(record: LogRecord) {
      logger[record.level](record.message, recordFields(record));
    },
    metric({ name, unit, value }) {
      metrics.addMetric(name, units[unit], value);
    },
    span({ name, startMs, endMs, parentSpanId, status, scope, fields }) {
      const own = {
        span: name,
        parent_span_id: parentSpanId,
        status,
        duration_ms: endMs - startMs,
      };
      logger.debug("span", recordFields({ scope, fields: { ...fields, ...own } }));
    },
    async flush() {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

/** The fields every cloud logs, under the same names; Powertools' own context keys would cross between invocations. */
class SameFields extends LogFormatter {
  override formatAttributes(attributes: UnformattedAttributes, extra: LogAttributes): LogItem {
    return new LogItem({
      attributes: {
        level: attributes.logLevel.toLowerCase(),
        message: attributes.message,
        timestamp: attributes.timestamp.toISOString(),
        service: attributes.serviceName,
      },
    }).addAttributes(extra);
  }
}
