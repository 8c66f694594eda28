import { Fault } from "#shared/errors";
import type { BaseContext, Clock, FunctionDefinition, Ports, Random, Use } from "#shared/function";
import { Logger, Metrics, Trace } from "#shared/telemetry";
import { budgetMs, withDeadline } from "./deadline.ts";

/** Who an invocation works for and where it came from. */
export type InvocationInit = {
  readonly id: string;
  readonly tenant: string;
  readonly subject?: string | undefined;
  readonly traceparent: string | undefined;
  readonly event: string | undefined;
  readonly remainingMs: () => number;
};

type Deferred = { readonly label: string; readonly work: Promise<unknown> };

/**
 * The context of one invocation. Everything a handler may never ask for is made on first use: most invocations
 * on the hot path log nothing, abort nothing and defer nothing.
 */
export class Invocation implements BaseContext {
  readonly id: string;
  readonly function: string;
  readonly runtime: string;
  readonly tenant: string;
  readonly subject: string | undefined;
  readonly event: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly ports: Ports;
  /** What it asked of other services, for its receipt. */
  readonly used: Use[] = [];
  readonly #definition: FunctionDefinition;
  readonly #init: InvocationInit;
  #controller: AbortController | undefined;
  #trace: Trace | undefined;
  #log: Logger | undefined;
  #metrics: Metrics | undefined;
  #deferred: Deferred[] | undefined;
  #ended = false;
  #reason: Fault | undefined;

  constructor(definition: FunctionDefinition, ports: Ports, runtime: string, init: InvocationInit) {
    this.id = init.id;
    this.function = definition.name;
    this.runtime = runtime;
    this.tenant = init.tenant;
    this.subject = init.subject;
    this.event = init.event;
    this.clock = ports.clock;
    this.random = ports.random;
    this.ports = ports;
    this.#definition = definition;
    this.#init = init;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#ended) this.#abort();
    return this.#controller.signal;
  }

  get trace(): Trace {
    this.#trace ??= new Trace(this.ports, this.#init.traceparent, {
      function: this.function,
      runtime: this.runtime,
      invocation: this.id,
      tenant: this.tenant,
    });
    return this.#trace;
  }

  get traceparent(): string {
    return this.trace.traceparent;
  }

  get log(): Logger {
    this.#log ??= new Logger(this.ports, this.trace.scope);
    return this.#log;
  }

  get metrics(): Metrics {
    this.#metrics ??= new Metrics(this.ports, this.trace.scope);
    return this.#metrics;
  }

  remainingMs(): number {
    return this.#init.remainingMs();
  }

  defer(label: string, work: Promise<unknown>): void {
    this.#deferred ??= [];
    this.#deferred.push({ label, work });
    // Handled when drained; until then a rejection must not take the process down with its neighbours.
    work.catch(() => undefined);
  }

  /** Runs work under the invocation's deadline and awaits what it deferred. Ends the invocation either way. */
  run<T>(work: (context: Invocation) => Promise<T>): Promise<T> {
    const milliseconds = budgetMs(this.#definition.limits.timeoutSeconds, this.remainingMs());
    return withDeadline(() => work(this), milliseconds, {
      onExpire: (fault) => this.#end(fault),
      onSettle: (status) => {
        if (this.#deferred === undefined) return this.#finish(status);
        return this.#drain(this.#deferred).finally(() => this.#finish(status));
      },
    });
  }

  async #drain(deferred: readonly Deferred[]): Promise<void> {
    const milliseconds = Math.max(1, Math.min(5_000, this.remainingMs() - 500));
    const all = Promise.allSettled(deferred.map(({ work }) => work));
    const settled = await withDeadline(() => all, milliseconds, {
      onExpire: (fault) => this.#end(fault),
    }).catch(() => undefined);
    for (const [index, { label }] of deferred.entries()) {
      const outcome = settled?.[index];
      if (outcome?.status === "fulfilled") continue;
      this.log.error("deferred work did not finish", { label, late: outcome === undefined });
    }
  }

  #finish(status: "ok" | "error"): void {
    this.#end();
    this.#trace?.end(status);
  }

  #end(reason?: Fault): void {
    this.#ended = true;
    this.#reason ??= reason;
    if (this.#controller !== undefined) this.#abort();
  }

  /** Makes the reason only here: a Fault records its stack, which costs more than the rest of most invocations. */
  #abort(): void {
    this.#reason ??= new Fault(
      "cancelled",
      "host.run: the invocation has ended; use ctx.defer for later work",
    );
    this.#controller?.abort(this.#reason);
  }
}
