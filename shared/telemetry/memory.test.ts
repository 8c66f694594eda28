import { telemetryConformance } from "./conformance.ts";
import { memoryTelemetry } from "./memory.ts";
import { recordFields } from "./record-fields.ts";

telemetryConformance("memory", {
  async open() {
    const driver = memoryTelemetry();
    return {
      driver,
      logs: () =>
        driver.logs.map((record) => ({
          level: record.level,
          message: record.message,
          timestamp: new Date(record.timeMs).toISOString(),
          service: "auterity",
          ...recordFields(record),
        })),
      metrics: () =>
        Object.fromEntries(
          Object.entries(Object.groupBy(driver.metrics, ({ name }) => name)).map(
            ([name, records]) => [name, records?.length ?? 0],
          ),
        ),
    };
  },
});
