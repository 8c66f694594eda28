import { expect, it } from "vitest";
import { type Line, telemetryConformance } from "./conformance.ts";
import { jsonLines } from "./json-lines.ts";

telemetryConformance("json lines", {
  async open() {
    const written: string[] = [];
    const lines = (): Line[] => written.map((line): Line => JSON.parse(line));
    return {
      driver: jsonLines((line) => void written.push(line)),
      logs: lines,
      metrics: () => countBy(lines().map(({ metric }) => metric)),
    };
  },
});

const scope = {
  function: "f",
  runtime: "r",
  invocation: "i",
  tenant: "t",
  traceId: "1".repeat(32),
  spanId: "2".repeat(16),
};
const record = { level: "warn", message: "m", timeMs: 0, scope, fields: { level: "x" } } as const;

it("writes the members in one order and adds a cloud's own", () => {
  const written: string[] = [];
  const driver = jsonLines((line) => void written.push(line), {
    levelField: "severity",
    extra: ({ traceId }) => ({ "cloud/trace": traceId }),
  });
  driver.log(record);
  expect(written).toEqual([
    JSON.stringify({
      "cloud/trace": "1".repeat(32),
      level: "warn",
      severity: "WARNING",
      message: "m",
      timestamp: "1970-01-01T00:00:00.000Z",
      service: "auterity",
      function: "f",
      runtime: "r",
      invocation: "i",
      tenant: "t",
      trace_id: "1".repeat(32),
      span_id: "2".repeat(16),
      field_level: "x",
    }),
  ]);
});

it("writes a span with its parent, its time and its outcome", () => {
  const written: string[] = [];
  jsonLines((line) => void written.push(line)).span({
    name: "charge",
    traceId: scope.traceId,
    spanId: scope.spanId,
    parentSpanId: "3".repeat(16),
    startMs: 1_000,
    endMs: 1_250,
    status: "error",
    scope,
    fields: { attempt: 2 },
  });
  expect(JSON.parse(written[0] ?? "")).toMatchObject({
    message: "span",
    span: "charge",
    parent_span_id: "3".repeat(16),
    duration_ms: 250,
    status: "error",
    attempt: 2,
  });
});

function countBy(names: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[String(name)] = (counts[String(name)] ?? 0) + 1;
  return counts;
}
