import { jsonLines, type TelemetryDriver } from "#shared/telemetry";

/**
 * Google's telemetry: JSON lines on standard output with the members that Cloud Logging lifts out of them.
 * `project` makes the trace a link; without it the bare trace id is written.
 * https://cloud.google.com/logging/docs/structured-logging#special-payload-fields
 */
export function gcpTelemetry(
  project: string | undefined = process.env["GOOGLE_CLOUD_PROJECT"],
  write: (line: string) => void = toStdout,
): TelemetryDriver {
  const prefix = project === undefined ? "" : `projects/${project}/traces/`;
  const lines = jsonLines(write, {
    levelField: "severity",
    extra: ({ traceId, spanId }) => ({
      "logging.googleapis.com/trace": `${prefix}${traceId}`,
      "logging.googleapis.com/spanId": spanId,
    }),
  });
  return { ...lines, name: "gcp-json-lines" };
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}
