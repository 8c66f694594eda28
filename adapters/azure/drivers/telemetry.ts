import { jsonLines, type TelemetryDriver } from "#shared/telemetry";

/**
 * Azure's telemetry: JSON lines on standard output, which the Functions host forwards to Application Insights.
 * Not `context.log`: the worker refuses lines that come after an invocation has completed.
 * https://learn.microsoft.com/azure/azure-functions/functions-reference-node#logging
 */
export function azureTelemetry(write: (line: string) => void = toStdout): TelemetryDriver {
  return { ...jsonLines(write), name: "azure-json-lines" };
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}
