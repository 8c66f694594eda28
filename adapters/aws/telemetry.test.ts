import { setTimeout as sleep } from "node:timers/promises";
import { defineFunction, httpTrigger } from "#shared/function";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { conformancePorts } from "../../shared/host/ports.conformance.ts";
import { type Line, telemetryConformance } from "../../shared/telemetry/conformance.ts";
import { awsHttpCodec } from "./codecs/http.ts";
import { awsTelemetry } from "./drivers/telemetry.ts";
import { awsEntry } from "./entry.ts";
import { captureHandler } from "./tracing.ts";
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

// The real module, with a note of whether it was asked for.
vi.mock("./tracing.ts", async (original) => {
  const real = await original<typeof import("./tracing.ts")>();
  return { captureHandler: vi.fn(real.captureHandler) };
});

const isMetric = (line: Line): boolean => "_aws" in line;
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
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
    const handler = await awsEntry(definition, { ...conformancePorts(), telemetry }, telemetry);
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

describe("Powertools' tracer", () => {
  it("is loaded where X-Ray is on, and leaves the answer alone", async () => {
    vi.stubEnv("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000");
    vi.stubEnv("AWS_EXECUTION_ENV", "AWS_Lambda_nodejs24.x");
    vi.stubEnv("LAMBDA_TASK_ROOT", "/var/task");
    vi.stubEnv(
      "_X_AMZN_TRACE_ID",
      "Root=1-67000000-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0",
    );
    const telemetry = awsTelemetry();
    const definition = defineFunction({
      name: "traced",
      summary: "A function under test",
      trigger: httpTrigger("GET", "/traced", { auth: "public" }),
      input: z.unknown(),
      uses: {},
      handler: async () => ({ ok: true }),
    });
    const handler = await awsEntry(definition, { ...conformancePorts(), telemetry }, telemetry);
    expect(captureHandler).toHaveBeenCalledTimes(1);
    const input = { method: "GET", path: "/traced", query: "", headers: {}, body: "" };
    const event = awsHttpCodec.emulate({ ...input, clientIp: undefined });
    expect(await handler(event, lambdaContext("request-traced"))).toMatchObject({
      statusCode: 200,
    });
  });
});
