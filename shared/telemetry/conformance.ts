import { Redacted } from "#shared/secrets";
import { conformanceSuite, type Exceptions, FakeClock, seededRandom } from "#shared/testing";
import { expect } from "vitest";
import type { TelemetryDriver } from "./driver.ts";
import { Logger } from "./logger.ts";
import { Metrics } from "./metrics.ts";
import { Trace, type TelemetryPorts } from "./trace.ts";

/** A line as it left the process, parsed. */
export type Line = Readonly<Record<string, unknown>>;

export type TelemetryHarness = {
  /** What stands behind the driver in this run, if anything does. */
  readonly engine?: string;
  /** A driver and a way to see what it wrote; called once per rule. */
  readonly open: () => Promise<{
    readonly driver: TelemetryDriver;
    /** Log lines so far, each one JSON object. */
    readonly logs: () => readonly Line[];
    /** How often each metric was written so far, by name. */
    readonly metrics: () => Readonly<Record<string, number>>;
  }>;
  /** Rules this backend cannot keep, each with its reason. */
  readonly except?: Exceptions;
};

/** The contract of the telemetry port: the same fields under the same names on every cloud. */
export function telemetryConformance(name: string, harness: TelemetryHarness): void {
  const subject = { port: "telemetry", driver: name, engine: harness.engine };
  conformanceSuite(subject, harness.except ?? {}, (add) => {
    const rule: Rule = (id, title, run) => {
      add(id, title, async () => run(benchOf(await harness.open())));
    };
    lineRules(rule);
    safetyRules(rule);
  });
}

type Opened = Awaited<ReturnType<TelemetryHarness["open"]>>;
type Bench = Opened & {
  readonly trace: (invocation: string) => Trace;
  readonly ports: TelemetryPorts;
};
type Rule = (id: string, title: string, run: (bench: Bench) => Promise<void>) => void;

function lineRules(rule: Rule): void {
  rule(
    "L01",
    "a line carries who, where and which trace",
    async ({ ports, trace, logs, driver }) => {
      const current = trace("one");
      new Logger(ports, current.scope).warn("hello", { orders: 3, ok: true, none: undefined });
      await driver.flush();
      const line = logs().find(({ message }) => message === "hello");
      expect(line).toMatchObject({
        level: "warn",
        message: "hello",
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: "auterity",
        function: "test-function",
        runtime: "test",
        invocation: "one",
        tenant: "tenant of one",
        trace_id: current.traceId,
        span_id: current.spanId,
        orders: 3,
        ok: true,
      });
      expect(line).not.toHaveProperty("none");
    },
  );

  rule("L02", "every level has its own name", async ({ ports, trace, logs, driver }) => {
    const log = new Logger(ports, trace("one").scope);
    for (const level of ["debug", "info", "warn", "error"] as const) log[level](`a ${level} line`);
    await driver.flush();
    const named = logs().filter(({ message }) => String(message).endsWith(" line"));
    expect(named.map(({ level }) => level)).toEqual(["debug", "info", "warn", "error"]);
  });

  rule("L03", "metrics arrive once each, spans do not throw", async (bench) => {
    const { ports, trace, metrics, driver } = bench;
    const current = trace("one");
    const meter = new Metrics(ports, current.scope);
    meter.count("orders_placed");
    meter.milliseconds("order_time", 12.5);
    meter.bytes("order_size", 1024);
    await current.span("charge", async (span) => span.set({ attempt: 1 }));
    current.end();
    await driver.flush();
    expect(metrics()).toMatchObject({ orders_placed: 1, order_time: 1, order_size: 1 });
  });
}

function safetyRules(rule: Rule): void {
  rule("L04", "a field cannot pass for one of the common ones", async (bench) => {
    const { ports, trace, logs, driver } = bench;
    const fields = { tenant: "another", message: "another", level: "debug", trace_id: "another" };
    const forged = { ...fields, service: "another", invocation: "another", timestamp: "another" };
    new Logger(ports, trace("one").scope).error("genuine", forged);
    await driver.flush();
    const line = logs().find(({ message }) => message === "genuine");
    expect(line).toMatchObject({ level: "error", tenant: "tenant of one", invocation: "one" });
    for (const name of ["service", "timestamp", "trace_id"])
      expect(line?.[name]).not.toBe("another");
  });

  rule("L05", "lines of interleaved invocations do not mix", async (bench) => {
    const { ports, trace, logs, driver } = bench;
    const work = async (invocation: string): Promise<void> => {
      const log = new Logger(ports, trace(invocation).scope);
      for (let step = 0; step < 5; step += 1) {
        await Promise.resolve();
        log.info("step", { own: invocation });
      }
    };
    await Promise.all(Array.from({ length: 64 }, (_, index) => work(`invocation-${index}`)));
    await driver.flush();
    const steps = logs().filter(({ message }) => message === "step");
    expect(steps).toHaveLength(320);
    for (const line of steps) {
      expect(line).toMatchObject({
        invocation: line["own"],
        tenant: `tenant of ${String(line["own"])}`,
      });
    }
  });

  rule("L06", "a secret in a field prints as such", async ({ ports, trace, logs, driver }) => {
    const token: unknown = new Redacted("canary-77d1");
    // @ts-expect-error -- types forbid it; a cast or plain JavaScript may still do it
    new Logger(ports, trace("one").scope).info("careless", { token });
    await driver.flush();
    expect(JSON.stringify(logs())).not.toContain("canary-77d1");
    expect(logs().find(({ message }) => message === "careless")).toMatchObject({
      token: "[secret]",
    });
  });

  rule("L07", "odd text stays one line", async ({ ports, trace, logs, driver }) => {
    const odd = 'line\r\n{"level":"error"}\u2028\u0000\ud800';
    new Logger(ports, trace("one").scope).info("odd", { odd });
    await driver.flush();
    expect(logs().filter(({ message }) => message === "odd")).toHaveLength(1);
  });
}

function benchOf(opened: Opened): Bench {
  const ports = { telemetry: opened.driver, clock: new FakeClock(), random: seededRandom(1) };
  const trace = (invocation: string): Trace =>
    new Trace(ports, undefined, {
      function: "test-function",
      runtime: "test",
      invocation,
      tenant: `tenant of ${invocation}`,
    });
  return { ...opened, ports, trace };
}
