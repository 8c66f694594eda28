import { expect, it } from "vitest";
import { azureTelemetry } from "./telemetry.ts";

it("writes one JSON line per record with the common members", () => {
  const lines: string[] = [];
  azureTelemetry((line) => void lines.push(line)).metric({
    name: "handled",
    unit: "count",
    value: 2,
    timeMs: Date.UTC(2026, 10, 21),
    scope: {
      function: "notify",
      runtime: "azure",
      invocation: "i-1",
      tenant: "acme",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
    },
  });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { metric: "handled", value: 2, runtime: "azure", tenant: "acme", function: "notify" },
  ]);
});
