import type { Decision } from "#shared/console";
import { callWithFailover, type FailoverTarget, HedgeAllowance } from "#shared/failover";
import type { Clock, HttpInput, HttpOutput, Random } from "#shared/function";
import type { Budgets } from "#shared/routing";
import type { Fleet, FleetFunction } from "./fleet.ts";
import { TENANT } from "./tenant.ts";

/** What a caller says of a call beside its input. */
export type CallOptions = {
  /** The runtime it has to run on. */
  readonly pinned?: string | undefined;
  /** Whether it may be tried elsewhere when a runtime gave no answer: a second time has no second effect. */
  readonly repeatable: boolean;
  /** Whether every attempt carries the call's idempotency key: the caller's, else one made before the first. */
  readonly keyed: boolean;
  /** Whether it only reads, so that it may even be made twice at once. */
  readonly reads?: boolean;
  /** Whether the tenant's budget may refuse it. */
  readonly budgeted?: boolean;
};

/** What calls are made with. */
export type CallPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly budgets: Budgets | undefined;
};

/** A function that runs into its own limit says so itself. */
const ANSWER_MARGIN_MS = 5_000;

/** Calls HTTP functions through the fleet: with failover, within budgets, and hedged where that is declared. */
export class RouteCalls {
  readonly #fleet: Fleet;
  readonly #ports: CallPorts;
  readonly #hedges = new HedgeAllowance();

  constructor(fleet: Fleet, ports: CallPorts) {
    this.#fleet = fleet;
    this.#ports = ports;
  }

  /**
   * Calls a function where the router sends it, and elsewhere when nothing answers there and the call may be repeated.
   * Rejects as {@link Fleet.http} when nothing is left to try, and with `resource_exhausted` when the budget is used up.
   */
  async call(fn: FleetFunction, input: HttpInput, options: CallOptions): Promise<HttpOutput> {
    const { clock } = this.#ports;
    const tried = new Set<string>();
    // Each attempt decides when its turn has come: by then the router knows more.
    const target = this.#target(fn, input, options, tried);
    const { value } = await callWithFailover<HttpOutput>(
      [target, ...this.#fleet.runtimes.slice(1).map(() => target)],
      {
        key: input.headers["idempotency-key"],
        deadlineMs: clock.now() + fn.limits.timeoutSeconds * 1000 + ANSWER_MARGIN_MS,
        patienceMs: this.#patienceMs(fn, options),
        hedge: () => tried.size === 1 && this.#hedges.take(),
        maxAttempts: options.pinned === undefined ? this.#fleet.runtimes.length : 1,
        reserve: () => fn.targets.some((name) => !tried.has(name) && this.#fleet.isUp(name)),
      },
      this.#ports,
    );
    return value;
  }

  #target(
    fn: FleetFunction,
    input: HttpInput,
    { pinned, keyed, repeatable, budgeted }: CallOptions,
    tried: Set<string>,
  ): FailoverTarget<HttpOutput> {
    let unanswered = 0;
    return {
      name: fn.name,
      isIdempotent: repeatable,
      call: async ({ key, signal }) => {
        const { budgets } = this.#ports;
        const reserved = budgeted === true ? this.#reserve(fn) : undefined;
        try {
          const isHedge = tried.size > unanswered;
          const decision = this.#fleet.decide(fn, pinned, undefined, tried);
          tried.add(decision.runtime);
          const headers = keyed ? { ...input.headers, "idempotency-key": key } : input.headers;
          const given: Decision = isHedge ? { ...decision, reason: "hedge" } : decision;
          return await this.#fleet.http(fn, { ...input, headers }, given, undefined, signal);
        } catch (thrown) {
          unanswered += 1;
          throw thrown;
        } finally {
          // Its receipt was counted when its run ended.
          if (reserved !== undefined) budgets?.release(reserved);
        }
      },
    };
  }

  /** The tenant's budget where its soft limit is passed, as a header says it. */
  tightBudget(): string | undefined {
    const tight = this.#ports.budgets?.tight(TENANT);
    if (tight === undefined) return undefined;
    const { spentUsd, softUsd, hardUsd } = tight;
    return `tight; spent=${spentUsd.toFixed(6)}; soft=${softUsd}; hard=${hardUsd}`;
  }

  /** Throws `resource_exhausted` where the tenant's budget has no room for a call that is to run later. */
  checkBudget(fn: FleetFunction): void {
    const reserved = this.#reserve(fn);
    if (reserved !== undefined) this.#ports.budgets?.release(reserved);
  }

  #reserve(fn: FleetFunction): ReturnType<Budgets["reserve"]> | undefined {
    const lastsMs = fn.limits.timeoutSeconds * 1000 + 2 * ANSWER_MARGIN_MS;
    return this.#ports.budgets?.reserve(TENANT, this.#fleet.mostUsd(fn), lastsMs);
  }

  /** How long a call that may be hedged is waited for; a tenant near the end of its budget pays for none twice. */
  #patienceMs(fn: FleetFunction, { pinned, reads }: CallOptions): number | undefined {
    if (fn.slo?.hedge !== true || reads !== true || pinned !== undefined) return undefined;
    this.#hedges.called();
    if (this.#ports.budgets?.tight(TENANT) !== undefined) return undefined;
    return this.#fleet.p95Ms(fn);
  }
}
