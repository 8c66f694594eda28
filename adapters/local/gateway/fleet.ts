import { randomUUID } from "node:crypto";
import type { Decision, Health, Run } from "#shared/console";
import { type Fault, toFault } from "#shared/errors";
import { callWithFailover, type FailoverTarget } from "#shared/failover";
import { bodyBytes, type HttpInput, type HttpOutput } from "#shared/function";
import type { Delivery, Settlement } from "#shared/host";
import { costUsd, type PriceBook } from "#shared/routing";
import type { InstanceProfile } from "#shared/host";
import type { CloudHost } from "../hosts/host.ts";
import { systemClock, systemRandom } from "../system.ts";
import type { LiveFeed } from "./live.ts";
import { continueTrace } from "./continue-trace.ts";
import { nothingUp, unknownRuntime } from "./fleet-faults.ts";
import { type Routable, RouteChooser } from "./route-chooser.ts";
import { RunBook, type RunLog } from "./run-book.ts";

/** A host with what its cloud charges, and how its instances live there. */
export type Arm = {
  readonly host: CloudHost;
  readonly prices: PriceBook;
  readonly instances: InstanceProfile;
};

/** What the fleet needs to know of a function. */
export type FleetFunction = Routable & { readonly trigger: Run["trigger"] };

/** What a caller says of a call beside its input. */
export type CallOptions = {
  /** The runtime it has to run on. */
  readonly pinned?: string | undefined;
  /** Whether it may be tried elsewhere when a runtime gave no answer: a second time has no second effect. */
  readonly repeatable: boolean;
  /** Whether every attempt carries the call's idempotency key: the caller's, else one made before the first. */
  readonly keyed: boolean;
};

/** A function that runs into its own limit says so itself. */
const ANSWER_MARGIN_MS = 5_000;

/**
 * The three hosts as one: chooses a runtime for a call, runs it there, and keeps a run of what happened. It chooses the
 * pinned runtime, else a message's home, else what the router finds cheapest among those that are up.
 */
export class Fleet {
  readonly #arms: ReadonlyMap<string, Arm>;
  readonly #book: RunBook;
  #chooser: RouteChooser | undefined;
  /** Whether all runtimes work on one state, by which one knows what another has begun. */
  readonly sharesState: boolean;

  /** The arms may still be added to until the first call. */
  constructor(
    arms: ReadonlyMap<string, Arm>,
    runs: RunLog,
    live: LiveFeed,
    { sharesState = true }: { readonly sharesState?: boolean } = {},
  ) {
    this.#arms = arms;
    this.#book = new RunBook(runs, live);
    this.sharesState = sharesState;
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

  /**
   * Throws `unavailable` when no runtime is up that may have the function, or the pinned one is not;
   * `invalid_argument` for no such runtime. `failed` are runtimes that gave no answer to this very call.
   */
  decide(
    fn: FleetFunction,
    pinned?: string,
    home?: string,
    failed: ReadonlySet<string> = new Set(),
  ): Decision {
    if (pinned !== undefined) {
      if (!this.#arms.has(pinned)) throw unknownRuntime(pinned, this.runtimes);
      if (!this.isUp(pinned)) throw nothingUp(pinned);
      return { runtime: pinned, reason: "pinned" };
    }
    if (home !== undefined && this.isUp(home)) return { runtime: home, reason: "home" };
    const closed = new Set([...failed, ...this.runtimes.filter((runtime) => !this.isUp(runtime))]);
    const chosen = this.#router.choose(fn, closed);
    if (chosen === undefined) throw nothingUp("any cloud");
    return home === undefined && failed.size === 0 ? chosen : { ...chosen, reason: "failover" };
  }

  /** What a call is expected to cost on each runtime that may have it now. */
  scores(fn: FleetFunction): ReadonlyMap<string, number> {
    return this.#router.scores(fn);
  }

  /** The most that a call can cost anywhere, in USD: its whole time on the dearest runtime. */
  mostUsd({ limits: { timeoutSeconds, memoryMb } }: FleetFunction): number {
    const usage = { durationMs: timeoutSeconds * 1000, memoryMb };
    return Math.max(...[...this.#arms.values()].map(({ prices }) => costUsd(prices, usage)));
  }

  /** To be called every minute; see {@link RouteChooser.tick}. */
  tick(): void {
    this.#router.tick();
  }

  /**
   * Calls an HTTP function where the router sends it, and elsewhere when nothing answers there and the call may be
   * repeated. Rejects as {@link Fleet.http} when nothing is left to try.
   */
  async route(fn: FleetFunction, input: HttpInput, options: CallOptions): Promise<HttpOutput> {
    const { pinned, repeatable, keyed } = options;
    const tried = new Set<string>();
    // Each attempt decides when its turn has come: by then the router knows more.
    const target: FailoverTarget<HttpOutput> = {
      name: fn.name,
      isIdempotent: repeatable,
      call: async ({ key }) => {
        const decision = this.decide(fn, pinned, undefined, tried);
        tried.add(decision.runtime);
        const headers = keyed ? { ...input.headers, "idempotency-key": key } : input.headers;
        return this.http(fn, { ...input, headers }, decision);
      },
    };
    const { value } = await callWithFailover<HttpOutput>(
      [target, ...this.runtimes.slice(1).map(() => target)],
      {
        key: input.headers["idempotency-key"],
        deadlineMs: Date.now() + fn.limits.timeoutSeconds * 1000 + ANSWER_MARGIN_MS,
        maxAttempts: pinned === undefined ? this.runtimes.length : 1,
        reserve: () => fn.targets.some((name) => !tried.has(name) && this.isUp(name)),
      },
      { clock: systemClock, random: systemRandom },
    );
    return value;
  }

  /** Calls an HTTP function on the decided host. Never rejects for what the function answers. */
  async http(
    fn: FleetFunction,
    input: HttpInput,
    decision: Decision,
    id: string = randomUUID(),
  ): Promise<HttpOutput> {
    const traceparent = continueTrace(input.headers["traceparent"]);
    const run = this.#book.begin({
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
      const outcome = {
        status: failed ? "failed" : "ok",
        httpStatus: output.status,
        fault: failed ? `http ${output.status}` : null,
        event: output.headers["x-auterity-event"] ?? run.event,
      } as const;
      this.#end(fn, run, outcome, { egressBytes: bodyBytes(output).length });
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
    const run = this.#book.begin({
      id,
      function: fn,
      operation: queue,
      decision,
      traceparent,
      event,
    });
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
    const run = this.#book.begin({
      id,
      function: fn,
      operation,
      decision,
      traceparent,
      event: null,
    });
    try {
      await this.#host(decision).schedule(fn.name, slotMs, firedAtMs);
      this.#end(fn, run, { status: "ok", fault: null });
    } catch (thrown) {
      throw this.#failed(fn, run, thrown);
    }
  }

  get #router(): RouteChooser {
    this.#chooser ??= new RouteChooser(
      [...this.#arms].map(([runtime, { prices, instances }]) => ({ runtime, prices, instances })),
      () => Date.now(),
    );
    return this.#chooser;
  }

  #host(decision: Decision): CloudHost {
    const arm = this.#arms.get(decision.runtime);
    if (arm === undefined) throw unknownRuntime(decision.runtime, this.runtimes);
    return arm.host;
  }

  /** What the runtimes charge, by name. */
  get books(): ReadonlyMap<string, PriceBook> {
    return new Map([...this.#arms].map(([runtime, { prices }]) => [runtime, prices]));
  }

  #end(fn: FleetFunction, run: Run, outcome: Partial<Run>, how: Ending = {}): void {
    const { answered = true, egressBytes = 0 } = how;
    const prices = this.#arms.get(run.runtime)?.prices;
    const { durationMs } = this.#book.end(run, outcome, { prices, ...fn.limits, egressBytes });
    // What the function itself failed of is an answer all the same.
    if (answered) this.#router.answered(fn, run.decision, durationMs);
    else this.#router.failed(fn, run.decision);
  }

  #failed(fn: FleetFunction, run: Run, thrown: unknown): Fault {
    const fault = toFault(thrown, "unavailable", { origin: "platform" });
    const outcome = { status: "failed", fault: `${fault.code}: ${fault.message}` } as const;
    this.#end(fn, run, outcome, { answered: false });
    return fault;
  }
}

/** Whether the runtime gave an answer at all, and how much went out with it. */
type Ending = { readonly answered?: boolean; readonly egressBytes?: number };
