import { memoryPorts, type MemoryPorts } from "#shared/testing";
import { expect, it } from "vitest";
import { Trace } from "./trace.ts";

const owner = { function: "f", runtime: "r", invocation: "i", tenant: "t" };
const caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

function open(traceparent: string | undefined): { ports: MemoryPorts; trace: Trace } {
  const ports = memoryPorts();
  return { ports, trace: new Trace(ports, traceparent, owner) };
}

it("continues the caller's trace and hands itself on as the parent", async () => {
  const { ports, trace } = open(caller);
  await trace.span("outer", async (outer) => {
    ports.clock.advance(5);
    await outer.span("inner", async (inner) => inner.set({ rows: 3 }));
  });
  trace.set({ status: 200 });
  trace.end();
  trace.end("error");
  const [inner, outer, root] = ports.telemetry.spans;
  expect(ports.telemetry.spans).toHaveLength(3);
  expect(root).toMatchObject({
    name: "f",
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    parentSpanId: "00f067aa0ba902b7",
    status: "ok",
    fields: { status: 200 },
    scope: { ...owner, spanId: trace.spanId },
  });
  expect(outer).toMatchObject({ name: "outer", parentSpanId: root?.spanId });
  expect((outer?.endMs ?? 0) - (outer?.startMs ?? 0)).toBe(5);
  expect(inner).toMatchObject({ parentSpanId: outer?.spanId, fields: { rows: 3 } });
  expect(trace.traceparent).toBe(`00-${trace.traceId}-${trace.spanId}-01`);
});

it("marks a span as failed and lets the error through", async () => {
  const { ports, trace } = open("not a traceparent");
  const failing = trace.span("charge", () => Promise.reject(new Error("declined")));
  await expect(failing).rejects.toThrow("declined");
  expect(ports.telemetry.spans).toMatchObject([{ name: "charge", status: "error" }]);
});

it("records no span of a trace that the caller does not sample", async () => {
  const { ports, trace } = open(caller.replace(/01$/, "00"));
  await trace.span("outer", async () => undefined);
  trace.end();
  expect(ports.telemetry.spans).toEqual([]);
  expect(trace.traceparent).toMatch(/-00$/);
});
