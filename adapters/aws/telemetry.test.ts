import { setTimeout as sleep } from "node:timers/promises";
import { defineFunction, httpTrigger } from "#shared/function";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { conformancePorts } from "../../shared/host/ports.conformance.ts";
import { type Line, telemetryConformance } from "../../shared/telemetry/conformance.ts";
import { awsHttpCodec } from "./codecs/http.ts";
import { awsTelemetry } from "./drivers/telemetry.ts";
import { awsEntry, awsHttp } from "./entry.ts";
import { lambdaContext } from "./lambda-context.conformance.ts";

/** What Powertools wrote, line by line; errors go to standard error. */
function captureOutput(): () => Line[] {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
  }
  return () =>
    written
      .join("")
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line): Line => JSON.parse(line));
}

const isMetric = (line: Line): boolean => "_aws" in line;
afterEach(() => {
  vi.restoreAllMocks();
});

telemetryConformance("powertools", {
  async open() {
    const lines = captureOutput();
    return {
      driver: awsTelemetry(),
      logs: () => lines().filter((line) => !isMetric(line)),
      metrics: () => {
        const counts: Record<string, number> = {};
        for (const { _aws: _, service: __, ...values } of lines().filter(isMetric)) {
          for (const [name, value] of Object.entries(values)) {
            counts[name] = (counts[name] ?? 0) + [value].flat().length;
          }
        }
        return counts;
      },
    };
  },
});

describe("Powertools under many invocations at once", () => {
  it("writes every line with its own invocation, tenant and trace", async () => {
    const lines = captureOutput();
    const telemetry = awsTelemetry();
    const definition = defineFunction({
      name: "chatty",
      summary: "A function under test",
      trigger: httpTrigger("GET", "/chatty"),
      input: z.object({ n: z.string() }),
      uses: {},
      async handler(ctx, { n }) {
        for (let step = 0; step < 3; step++) {
          await sleep(Math.trunc(ctx.random.next() * 5));
          ctx.log.info("step", { n, tenant_seen: ctx.tenant, trace_seen: ctx.trace.traceId });
        }
      },
    });
    const handler = await awsEntry(
      definition,
      { ...conformancePorts(), telemetry },
      telemetry,
      awsHttp,
    );
    const invoke = (n: number): Promise<unknown> => {
      const headers = { authorization: `Bearer token-${n}` };
      const input = { method: "GET", path: "/chatty", query: `n=${n}`, headers, body: "" };
      const event = awsHttpCodec.emulate({ ...input, clientIp: undefined });
      return handler(event, lambdaContext(`request-${n}`));
    };
    await Promise.all(Array.from({ length: 64 }, (_, n) => invoke(n)));
    const steps = lines().filter(({ message }) => message === "step");
    expect(steps).toHaveLength(192);
    for (const line of steps) {
      expect(line).toMatchObject({
        invocation: `request-${String(line["n"])}`,
        tenant: `tenant-${String(line["n"])}`,
        tenant_seen: line["tenant"],
        trace_seen: line["trace_id"],
      });
      expect(line).not.toHaveProperty("function_request_id");
    }
  });
});
