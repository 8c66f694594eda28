import type { LogRecord } from "#shared/telemetry";
import { expect, it } from "vitest";
import { gcpTelemetry } from "./telemetry.ts";

const record: LogRecord = {
  level: "warn",
  message: "attempt failed",
  timeMs: Date.UTC(2026, 10, 21),
  scope: {
    function: "notify",
    runtime: "gcp",
    invocation: "i-1",
    tenant: "acme",
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
  },
  fields: { code: "unavailable" },
};

it("writes the members that Cloud Logging lifts out of a line, beside the common ones", () => {
  const lines: string[] = [];
  gcpTelemetry("auterity-prod", (line) => void lines.push(line)).log(record);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    {
      severity: "WARNING",
      message: "attempt failed",
      "logging.googleapis.com/trace":
        "projects/auterity-prod/traces/0af7651916cd43dd8448eb211c80319c",
      "logging.googleapis.com/spanId": "b7ad6b7169203331",
      tenant: "acme",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      code: "unavailable",
    },
  ]);
});

it("writes the bare trace id where the project is not known", () => {
  const lines: string[] = [];
  gcpTelemetry(undefined, (line) => void lines.push(line)).log(record);
  expect(lines[0]).toContain('"logging.googleapis.com/trace":"0af7651916cd43dd8448eb211c80319c"');
});
