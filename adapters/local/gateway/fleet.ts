import { randomUUID } from "node:crypto";
import type { Decision, Health, ReceiptLine, Run } from "#shared/console";
import { toFault } from "#shared/errors";
import {
  bodyBytes,
  type Clock,
  type HttpInput,
  type HttpOutput,
  type Random,
} from "#shared/function";
import type { Delivery, Settlement } from "#shared/host";
import type { OperationPrices } from "#shared/operations";
import { type Budgets, costUsd, type PriceBook } from "#shared/routing";
import type { InstanceProfile } from "#shared/host";
import type { CloudHost } from "../hosts/host.ts";
import { systemClock, systemRandom } from "../system.ts";
import type { LiveFeed } from "./live.ts";
import { AskedLines, linesOfAnswer, linesOfDelivery } from "./asked-lines.ts";
import { continueTrace } from "./continue-trace.ts";
import { answeredElsewhere, nothingUp, unknownRuntime } from "./fleet-faults.ts";
import { PinnedTraces } from "./pinned-traces.ts";
import { RouteCalls } from "./route-call.ts";
import { type Routable, RouteChooser, type Seen } from "./route-chooser.ts";
import { RunBook, type RunLog, type RunStart } from "./run-book.ts";
import { TENANT } from "./tenant.ts";

/** A host with what its cloud charges, and how its instances live there. */
export type Arm = {
  readonly host: CloudHost;
  readonly prices: PriceBook;
  readonly operations: OperationPrices;
  readonly instances: InstanceProfile;
};

/** What the fleet needs to know of a function. */
export type FleetFunction = Routable & { readonly trigger: Run["trigger"] };

/** What is known of a message beside its text. */
export type MessageContext = {
  readonly tenant: string;
  readonly event: string | null;
  readonly traceparent: string | undefined;
};

export type FleetOptions = {
  /** Whether all runtimes work on one state; true when left out. */
  readonly sharesState?: boolean;
  /** What tenants may spend; without them there is no limit. */
  readonly budgets?: Budgets | undefined;
  readonly clock?: Clock;
  readonly random?: Random;
};

/**
 * The three hosts as one: chooses a runtime for a call, runs it there, and keeps a run of what happened. It chooses the
 * pinned runtime, else a message's home, else what the router finds cheapest among those that are up.
 */
export class Fleet {
  readonly #arms: ReadonlyMap<string, Arm>;
  readonly #book: RunBook;
  readonly #asked = new AskedLines();
  readonly #pinnedTraces = new PinnedTraces();
  /** Calls of functions wherever they are cheapest, within budgets. */
  readonly calls: RouteCalls;
  readonly #budgets: Budgets | undefined;
  readonly #clock: Clock;
  #chooser: RouteChooser | undefined;
  /** Whether all runtimes work on one state, by which one knows what another has begun. */
  readonly sharesState: boolean;

  /** The arms may still be added to until the first call. */
  constructor(
    arms: ReadonlyMap<string, Arm>,
    runs: RunLog,
    live: LiveFeed,
    options: FleetOptions = {},
  ) {
    const { sharesState = true, budgets, clock = systemClock, random = systemRandom } = options;
    this.#arms = arms;
    this.#budgets = budgets;
    this.#clock = clock;
    this.calls = new RouteCalls(this, { clock, random, budgets });
    this.#book = new RunBook(runs, live, clock);
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
    const isThrifty = this.#budgets?.tight(TENANT) !== undefined;
    const chosen = this.#router.choose(fn, closed, isThrifty);
    if (chosen === undefined) throw nothingUp("any cloud");
    return home === undefined && failed.size === 0 ? chosen : { ...chosen, reason: "failover" };
  }

  /** What a call is expected to cost on each runtime that may have it now. */
  scores(fn: FleetFunction): ReadonlyMap<string, number> {
    return this.#router.scores(fn);
  }

  /** Whether a trace began with a call that was pinned: all that follows from it stays on its runtime. */
  isPinned(traceparent: string): boolean {
    return this.#pinnedTraces.has(traceparent);
  }

  /** What the router sees of every runtime for a function now. */
  seen(fn: FleetFunction): Seen {
    return this.#router.seen(fn);
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

  /** So long 95 of 100 answers of a function take at most; `undefined` while too few are known. */
  p95Ms(fn: FleetFunction): number | undefined {
    return this.#router.p95Ms(fn);
  }

  /** Calls an HTTP function on the decided host. Never rejects for what the function answers. */
  async http(
    fn: FleetFunction,
    input: HttpInput,
    decision: Decision,
    id: string = randomUUID(),
    signal?: AbortSignal,
  ): Promise<HttpOutput> {
    const traceparent = continueTrace(input.headers["traceparent"]);
    if (decision.reason === "pinned") this.#pinnedTraces.add(traceparent);
    const event = input.headers["x-auterity-event"] ?? null;
    const operation = `${input.method} ${input.path}`;
    const start = { id, tenant: TENANT, operation, decision, traceparent, event };
    const work = async ({ host, operations }: Arm): Promise<Done<HttpOutput>> => {
      const headers = { ...input.headers, traceparent, "x-auterity-run": id };
      const output = await host.http(fn.name, { ...input, headers }, signal);
      const failed = output.status >= 500;
      return {
        value: output,
        outcome: {
          status: failed ? "failed" : "ok",
          httpStatus: output.status,
          fault: failed ? `http ${output.status}` : null,
          event: output.headers["x-auterity-event"] ?? event,
        },
        egressBytes: bodyBytes(output).length,
        lines: linesOfAnswer(output.headers, operations),
      };
    };
    const { value, run } = await this.#run(fn, start, work, signal);
    const cost = { "x-auterity-cost-usd": run.costUsd.toFixed(12) };
    return { ...value, headers: { ...value.headers, ...cost } };
  }

  /** Delivers messages to a queue or webhook function on the decided host, one run each. */
  async queue(
    fn: FleetFunction,
    queue: string,
    delivery: Delivery,
    context: MessageContext,
    decision: Decision,
  ): Promise<Settlement> {
    const traceparent = continueTrace(context.traceparent);
    const start = { ...context, id: randomUUID(), operation: queue, decision, traceparent };
    const { value } = await this.#run(fn, start, async ({ host, operations }) => {
      const [settlement] = await host.queue(fn.name, queue, [delivery]);
      const done = settlement?.done === true;
      const fault = done ? null : "the handler asked the broker to deliver again";
      return {
        value: { handle: delivery.handle, done },
        outcome: { status: done ? "ok" : "failed", fault },
        lines: [
          ...this.#asked.take(decision.runtime, `${fn.name}/${delivery.handle}`),
          ...linesOfDelivery(delivery, done, operations),
        ],
      };
    });
    return value;
  }

  /** Delivers a slot of a schedule on the decided host. */
  async schedule(
    fn: FleetFunction,
    slotMs: number,
    firedAtMs: number,
    decision: Decision,
  ): Promise<void> {
    const start = {
      id: randomUUID(),
      tenant: TENANT,
      operation: `slot ${new Date(slotMs).toISOString()}`,
      decision,
      traceparent: continueTrace(undefined),
      event: null,
    };
    await this.#run(fn, start, async ({ host }) => {
      await host.schedule(fn.name, slotMs, firedAtMs);
      const lines = this.#asked.take(decision.runtime, `${fn.name}/${slotMs}`);
      return { value: undefined, outcome: { status: "ok", fault: null }, lines };
    });
  }

  /** Keeps what a function on a runtime told of a message or a tick for the receipt of its run. */
  told(runtime: string, subject: string, lines: string): void {
    this.#asked.tell(runtime, subject, lines);
  }

  /** The runtimes by name, with what they charge. */
  get arms(): ReadonlyMap<string, Arm> {
    return this.#arms;
  }

  get #router(): RouteChooser {
    this.#chooser ??= new RouteChooser(
      [...this.#arms].map(([runtime, { prices, instances }]) => ({ runtime, prices, instances })),
      () => this.#clock.now(),
    );
    return this.#chooser;
  }

  /** Runs something on the decided runtime from the run's beginning to its receipt, and tells the router how it ended. */
  async #run<T>(
    fn: FleetFunction,
    start: Omit<RunStart, "function">,
    work: (arm: Arm) => Promise<Done<T>>,
    signal?: AbortSignal,
  ): Promise<{ readonly value: T; readonly run: Run }> {
    const { decision } = start;
    const arm = this.#arms.get(decision.runtime);
    if (arm === undefined) throw unknownRuntime(decision.runtime, this.runtimes);
    const run = this.#book.begin({ ...start, function: fn });
    const bill = { prices: arm.prices, memoryMb: fn.limits.memoryMb };
    try {
      const { value, outcome, egressBytes = 0, lines } = await work(arm);
      const ended = this.#book.end(run, outcome, { ...bill, egressBytes, lines });
      // What the function itself failed of is an answer all the same.
      this.#router.answered(fn, decision, ended.durationMs);
      return { value, run: ended };
    } catch (thrown) {
      const isLate = signal?.aborted === true;
      const fault = isLate ? answeredElsewhere() : toFault(thrown, "unavailable", PLATFORM);
      const outcome = { status: "failed", fault: `${fault.code}: ${fault.message}` } as const;
      const ended = this.#book.end(run, outcome, { ...bill, egressBytes: 0, lines: [] });
      // It was given up on while it may have been well.
      if (isLate) this.#router.answered(fn, decision, ended.durationMs);
      else this.#router.failed(fn, decision);
      throw fault;
    }
  }
}

const PLATFORM = { origin: "platform" } as const;

/** How a run ended that was answered. */
type Done<T> = {
  readonly value: T;
  readonly outcome: Partial<Run>;
  readonly egressBytes?: number;
  readonly lines: readonly ReceiptLine[];
};
