import type { Code } from "#shared/errors";

/**
 * What goes wrong with one call: it fails before the store has seen it, after the store has done it, or `late`: the
 * store does it only when the next write arrives, as a request that was stuck in the network. A read may also be
 * answered with what it was answered before, at most so many calls ago.
 */
export type Injection =
  | {
      readonly when: "before" | "after" | "late";
      /** What the failure is classified as. */
      readonly code: Code;
      /** What others do before the failure is seen. */
      readonly meanwhile?: (() => Promise<unknown>) | undefined;
    }
  | { readonly when: "stale"; readonly withinCalls: number };

/** A call on its way to the driver. */
export type Call = {
  readonly operation: string;
  readonly kind: "read" | "write";
  readonly args: readonly unknown[];
};

/** Decides what goes wrong. */
export interface FaultSource {
  /** How long the network takes; awaited before and after every call. */
  pause(): Promise<void>;
  next(call: Call): Injection | undefined;
}

/** A driver of any port. */
export type Faultable = {
  codeOf(error: unknown): Code | undefined;
};

/** A method that faults are injected into. `committed` tells of a write's answer that something was written. */
export type Operation =
  | { readonly kind: "read" }
  | { readonly kind: "write"; readonly committed?: (answer: unknown) => boolean };

export type Injected<D, O extends string> = {
  /** Everything the driver is, with faults in its operations. */
  readonly driver: D;
  /** How many calls of each operation were made. */
  readonly calls: Readonly<Record<O, number>>;
  /** Lets a write that is stuck arrive. */
  arrive(): Promise<void>;
};

/** Wraps a driver of any port. Its methods take the signal last, which is no part of what they are asked. */
export function injectFaults<D extends Faultable, O extends keyof D & string>(
  driver: D,
  operations: Readonly<Record<O, Operation>>,
  source: FaultSource,
): Injected<D, O> {
  const calls: Record<string, number> = {};
  const own: Record<string | symbol, unknown> = {
    codeOf: (error: unknown) =>
      error instanceof InjectedFault ? error.code : driver.codeOf(error),
  };
  const lane = new Lane(source);
  for (const [operation, how] of Object.entries<Operation>(operations)) {
    const method: unknown = Reflect.get(driver, operation);
    if (typeof method !== "function") throw new TypeError(`faults: no operation ${operation}`);
    calls[operation] = 0;
    own[operation] = (...args: unknown[]) => {
      calls[operation] = (calls[operation] ?? 0) + 1;
      const run = async (): Promise<unknown> => Reflect.apply(method, driver, args);
      return lane.pass({ operation, kind: how.kind, args }, how, run);
    };
  }
  return {
    driver: overlay(driver, own),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every operation was put in
    calls: calls as Record<O, number>,
    arrive: () => lane.arrive(),
  };
}

class InjectedFault extends Error {
  readonly code: Code;

  constructor(code: Code) {
    super("an injected failure");
    this.code = code;
  }
}

/** What the calls of one driver share: a write that is stuck, and what reads were answered. */
class Lane {
  readonly #source: FaultSource;
  readonly #answers = new Map<string, { readonly answer: unknown; readonly call: number }>();
  #stuck: (() => Promise<unknown>) | undefined;
  #call = 0;

  constructor(source: FaultSource) {
    this.#source = source;
  }

  async pass(call: Call, how: Operation, run: () => Promise<unknown>): Promise<unknown> {
    this.#call += 1;
    const injection = this.#source.next(call);
    await this.#source.pause();
    if (injection?.when === "before") await fail(injection);
    if (injection?.when === "late") {
      this.#stuck = run;
      await fail(injection);
    }
    if (call.kind === "write") await this.arrive();
    const answer = call.kind === "read" ? await this.#read(call, run, injection) : await run();
    await this.#source.pause();
    if (injection?.when === "after" && isCommitted(how, answer)) await fail(injection);
    return answer;
  }

  async arrive(): Promise<void> {
    const arriving = this.#stuck;
    this.#stuck = undefined;
    // Whoever sent it has long given up on its answer.
    await arriving?.().catch(() => undefined);
  }

  async #read(
    { operation, args }: Call,
    run: () => Promise<unknown>,
    injection: Injection | undefined,
  ): Promise<unknown> {
    const asked = JSON.stringify([operation, ...args.slice(0, -1)]);
    const before = this.#answers.get(asked);
    if (injection?.when === "stale" && before !== undefined) {
      if (this.#call - before.call <= injection.withinCalls) return before.answer;
    }
    const call = this.#call;
    const answer = await run();
    this.#answers.set(asked, { answer, call });
    return answer;
  }
}

function isCommitted(how: Operation, answer: unknown): boolean {
  return how.kind === "read" || (how.committed?.(answer) ?? true);
}

async function fail({ code, meanwhile }: Exclude<Injection, { when: "stale" }>): Promise<never> {
  await meanwhile?.();
  throw new InjectedFault(code);
}

/** The driver with some of its members replaced. A class keeps its private fields: its methods run on itself. */
export function overlay<D extends object>(driver: D, own: object): D {
  return new Proxy(driver, {
    get(target, key) {
      if (Object.hasOwn(own, key)) return Reflect.get(own, key) as unknown;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
