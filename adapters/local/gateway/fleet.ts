import { randomBytes, randomUUID } from "node:crypto";
import type { Decision, Health, Run } from "#shared/console";
import { Fault, toFault } from "#shared/errors";
import type { HttpInput, HttpOutput } from "#shared/function";
import type { Delivery, Settlement } from "#shared/host";
import { costUsd, type PriceBook } from "#shared/routing";
import { formatTraceparent, parseTraceparent } from "#shared/telemetry";
import type { CloudHost } from "../hosts/host.ts";
import type { LiveFeed } from "./live.ts";

/** A host with what its cloud charges. */
export type Arm = { readonly host: CloudHost; readonly prices: PriceBook };

/** What the fleet needs to know of a function. */
export type FleetFunction = {
  readonly name: string;
  readonly trigger: Run["trigger"];
  readonly limits: { readonly timeoutSeconds: number; readonly memoryMb: number };
};

/** Where runs are kept. */
export type RunLog = { recordRun(run: Run): void };

type Start = {
  readonly id: string;
  readonly function: FleetFunction;
  readonly operation: string;
  readonly decision: Decision;
  readonly traceparent: string;
  readonly event: string | null;
};

/**
 * The three hosts as one: chooses an arm for a call, runs it there, and keeps a run of what happened. It
 * chooses the pinned runtime, else a message's home, else the next host that is up.
 */
export class Fleet {
  readonly #arms: ReadonlyMap<string, Arm>;
  readonly #runs: RunLog;
  readonly #live: LiveFeed;
  #turn = 0;

  constructor(arms: ReadonlyMap<string, Arm>, runs: RunLog, live: LiveFeed) {
    this.#arms = arms;
    this.#runs = runs;
    this.#live = live;
  }

  get health(): Health {
    const hosts = Object.fromEntries([...this.#arms].map(([name, { host }]) => [name, host.state]));
    const up = [...this.#arms.values()].every(({ host }) => host.state === "up");
    return { status: up ? "ok" : "degraded", hosts };
  }

  get runtimes(): readonly string[] {
    return [...this.#arms.keys()];
  }

  isUp(runtime: string): boolean {
    return this.#arms.get(runtime)?.host.state === "up";
  }

  /** Throws `unavailable` when no host is up, or the pinned one is not; `invalid_argument` for no such runtime. */
  decide(pinned: string | undefined, home?: string): Decision {
    if (pinned !== undefined) {
      if (!this.#arms.has(pinned)) throw unknownRuntime(pinned, this.runtimes);
      if (!this.isUp(pinned)) throw nothingUp(pinned);
      return { runtime: pinned, reason: "pinned" };
    }
    if (home !== undefined && this.isUp(home)) return { runtime: home, reason: "home" };
    const up = this.runtimes.filter((runtime) => this.isUp(runtime));
    const runtime = up[this.#turn++ % Math.max(1, up.length)];
    if (runtime === undefined) throw nothingUp("any cloud");
    return { runtime, reason: home === undefined ? "turn" : "failover" };
  }

  /** Calls an HTTP function on the decided host. Never rejects for what the function answers. */
  async http(
    fn: FleetFunction,
    input: HttpInput,
    decision: Decision,
    id: string = randomUUID(),
  ): Promise<HttpOutput> {
    const traceparent = continueTrace(input.headers["traceparent"]);
    const run = this.#begin({
      id,
      function: fn,
      operation: `${input.method} ${input.path}`,
      decision,
      traceparent,
      event: input.headers["x-auterity-event"] ?? null,
    });
    try {
      const headers = { ...input.headers, traceparent, "x-auterity-run": run.id };
      const output = await this.#host(decision).http(fn.name, { ...input, headers });
      const failed = output.status >= 500;
      this.#end(fn, run, {
        status: failed ? "failed" : "ok",
        httpStatus: output.status,
        fault: failed ? `http ${output.status}` : null,
        event: output.headers["x-auterity-event"] ?? run.event,
      });
      return output;
    } catch (thrown) {
      throw this.#failed(fn, run, thrown);
    }
  }

  /** Delivers messages to a queue or webhook function on the decided host, one run each. */
  async queue(
    fn: FleetFunction,
    queue: string,
    delivery: Delivery,
    context: { readonly event: string | null; readonly traceparent: string | undefined },
    decision: Decision,
  ): Promise<Settlement> {
    const traceparent = continueTrace(context.traceparent);
    const { event } = context;
    const id = randomUUID();
    const run = this.#begin({ id, function: fn, operation: queue, decision, traceparent, event });
    try {
      const [settlement] = await this.#host(decision).queue(fn.name, queue, [delivery]);
      const done = settlement?.done === true;
      const fault = done ? null : "the handler asked the broker to deliver again";
      this.#end(fn, run, { status: done ? "ok" : "failed", fault });
      return { handle: delivery.handle, done };
    } catch (thrown) {
      throw this.#failed(fn, run, thrown);
    }
  }

  /** Delivers a slot of a schedule on the decided host. */
  async schedule(
    fn: FleetFunction,
    slotMs: number,
    firedAtMs: number,
    decision: Decision,
  ): Promise<void> {
    const operation = `slot ${new Date(slotMs).toISOString()}`;
    const traceparent = continueTrace(undefined);
    const id = randomUUID();
    const run = this.#begin({ id, function: fn, operation, decision, traceparent, event: null });
    try {
      await this.#host(decision).schedule(fn.name, slotMs, firedAtMs);
      this.#end(fn, run, { status: "ok", fault: null });
    } catch (thrown) {
      throw this.#failed(fn, run, thrown);
    }
  }

  #host(decision: Decision): CloudHost {
    const arm = this.#arms.get(decision.runtime);
    if (arm === undefined) throw unknownRuntime(decision.runtime, this.runtimes);
    return arm.host;
  }

  #begin({ id, function: fn, operation, decision, traceparent, event }: Start): Run {
    const run: Run = {
      id,
      function: fn.name,
      trigger: fn.trigger,
      operation,
      runtime: decision.runtime,
      status: "running",
      startedAtMs: Date.now(),
      durationMs: 0,
      traceparent,
      event,
      decision,
      costUsd: 0,
      httpStatus: null,
      fault: null,
    };
    this.#live.publish({ type: "run", data: run });
    return run;
  }

  #end(fn: FleetFunction, run: Run, outcome: Partial<Run>): void {
    const durationMs = Date.now() - run.startedAtMs;
    const prices = this.#arms.get(run.runtime)?.prices;
    const usage = { durationMs, memoryMb: fn.limits.memoryMb };
    const ended: Run = {
      ...run,
      ...outcome,
      durationMs,
      costUsd: prices === undefined ? 0 : costUsd(prices, usage),
    };
    this.#runs.recordRun(ended);
    this.#live.publish({ type: "run", data: ended });
  }

  #failed(fn: FleetFunction, run: Run, thrown: unknown): Fault {
    const fault = toFault(thrown, "unavailable", { origin: "platform" });
    this.#end(fn, run, { status: "failed", fault: `${fault.code}: ${fault.message}` });
    return fault;
  }
}

function continueTrace(traceparent: string | undefined): string {
  const parent = parseTraceparent(traceparent);
  const traceId = parent?.traceId ?? randomBytes(16).toString("hex");
  const spanId = randomBytes(8).toString("hex");
  return formatTraceparent({ traceId, spanId, sampled: parent?.sampled ?? true });
}

function unknownRuntime(runtime: string, known: readonly string[]): Fault {
  return new Fault(
    "invalid_argument",
    `fleet.decide: there is no runtime "${runtime.slice(0, 20)}"; use ${known.join(", ")}`,
    { origin: "caller" },
  );
}

function nothingUp(what: string): Fault {
  return new Fault("unavailable", `fleet.decide: no host of ${what} is up; try again shortly`, {
    origin: "platform",
    retryAfterMs: 1_000,
  });
}
