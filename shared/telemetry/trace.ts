import type { Ports } from "#shared/function";
import type { Fields, Scope, SpanRecord } from "./driver.ts";
import { childOf, formatTraceparent, parseTraceparent, type SpanContext } from "./trace-context.ts";

/** What the telemetry classes need of a host. */
export type TelemetryPorts = Pick<Ports, "telemetry" | "clock" | "random">;

/** The invocation a trace belongs to; the trace adds its ids. */
export type TraceOwner = Omit<Scope, "traceId" | "spanId">;

/**
 * One span and the way to open spans below it. The first of an invocation continues the caller's trace, or
 * begins a new one where the caller sent none or an invalid one.
 */
export class Trace {
  readonly #ports: TelemetryPorts;
  readonly #owner: TraceOwner;
  readonly #name: string;
  readonly #context: SpanContext;
  readonly #parentSpanId: string | undefined;
  readonly #startMs: number;
  #fields: Fields | undefined;
  #scope: Scope | undefined;
  #ended = false;

  constructor(
    ports: TelemetryPorts,
    parent: string | SpanContext | undefined,
    owner: TraceOwner,
    name: string = owner.function,
  ) {
    const known = typeof parent === "object" ? parent : parseTraceparent(parent);
    this.#ports = ports;
    this.#owner = owner;
    this.#name = name;
    this.#context = childOf(known, ports.random);
    this.#parentSpanId = known?.spanId;
    this.#startMs = ports.clock.now();
  }

  get traceId(): string {
    return this.#context.traceId;
  }

  get spanId(): string {
    return this.#context.spanId;
  }

  /** What an outgoing call carries, so that the other side continues this trace below this span. */
  get traceparent(): string {
    return formatTraceparent(this.#context);
  }

  /** The fields every record of this span carries. */
  get scope(): Scope {
    const { traceId, spanId } = this.#context;
    this.#scope ??= { ...this.#owner, traceId, spanId };
    return this.#scope;
  }

  /** Adds fields to this span's record. */
  set(fields: Fields): void {
    this.#fields = { ...this.#fields, ...fields };
  }

  /** Runs work as a span below this one. What the work throws passes through and marks the span as failed. */
  async span<T>(name: string, run: (span: Trace) => Promise<T>): Promise<T> {
    const span = new Trace(this.#ports, this.#context, this.#owner, name);
    try {
      const result = await run(span);
      span.end("ok");
      return result;
    } catch (thrown) {
      span.end("error");
      throw thrown;
    }
  }

  /** Records the span. Only the first call counts. */
  end(status: SpanRecord["status"] = "ok"): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#context.sampled) return;
    this.#ports.telemetry.span({
      name: this.#name,
      traceId: this.traceId,
      spanId: this.spanId,
      parentSpanId: this.#parentSpanId,
      startMs: this.#startMs,
      endMs: this.#ports.clock.now(),
      status,
      scope: this.scope,
      fields: this.#fields ?? {},
    });
  }
}
