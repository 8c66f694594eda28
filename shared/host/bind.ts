import type { FunctionDefinition, HttpInput, HttpOutput, Ports, Use } from "#shared/function";
import type { LoadOperations } from "#shared/metering";
import type { Tariff } from "#shared/routing";
import type { createTickService } from "#shared/schedules";
import { checkCapabilities } from "./check-capabilities.ts";
import type { Delivery, InvocationMeta, Settlement } from "./codecs.ts";
import { Invocation, type InvocationInit } from "./invocation.ts";
import { reportUse } from "./report-use.ts";
import { createHttpService } from "./serve-http.ts";
import { createMessageService } from "./serve-messages.ts";

/** A moment of a schedule as the codec read it. */
export type Slot = { readonly slotMs: number; readonly firedAtMs: number };

/** A definition on a host: one method per kind of trigger, the same on every cloud. */
export type BoundFunction = {
  readonly definition: FunctionDefinition;
  /** Never rejects: every failure is an answer, as problem JSON. */
  readonly http: (input: HttpInput, meta: InvocationMeta) => Promise<HttpOutput>;
  /**
   * Never rejects. Delayed retries and dead letters are sent from here; `done: false` asks the broker to
   * deliver again, and happens only when even that failed.
   */
  readonly messages: (
    deliveries: readonly Delivery[],
    meta: InvocationMeta,
  ) => Promise<readonly Settlement[]>;
  /** Rejects with a Fault when the handler failed, so that the platform sees it. */
  readonly tick: (slot: Slot, meta: InvocationMeta) => Promise<void>;
};

/** What a cloud charges for calls, and how to come to what it charges for operations of its other services. */
export type FunctionPrices = Tariff & {
  /** Loaded by the first call that asks anything of them: bundles are at their limit without. */
  readonly loadOperations?: LoadOperations;
};

/** What the services of a bound function share. */
export type Binding = {
  readonly definition: FunctionDefinition;
  readonly ports: Ports;
  readonly runtime: string;
  readonly price: FunctionPrices | undefined;
  /** A fresh context with exactly the clients that `uses` grants. */
  readonly invoke: (init: InvocationInit) => Invocation;
  /** Tells who keeps receipts what a message or a tick asked of other services. Never rejects. */
  readonly report: (subject: string, used: readonly Use[]) => Promise<void>;
};

/**
 * Binds a function of an app of many that start together: what only the scheduled ones need is loaded
 * with the first tick, from `#shared/schedules`. The adapter imports it, so that no other cloud's bundles are split.
 * Throws as `bindFunction` does.
 */
export function bindAppFunction(
  loadSchedules: () => Promise<{ readonly createTickService: typeof createTickService }>,
  ...bound: BindArguments
): BoundFunction {
  const binding = bind(...bound);
  return {
    definition: binding.definition,
    http: createHttpService(binding),
    messages: createMessageService(binding),
    tick: async (slot, meta) => (await loadSchedules()).createTickService(binding)(slot, meta),
  };
}

/** Binds a function whose trigger is HTTP: its bundle holds no other part of the pipeline. */
export function bindHttp(...bound: BindArguments): BoundFunction["http"] {
  return createHttpService(bind(...bound));
}

/** As {@link bindHttp}, for functions that take messages, whatever puts them into their queue. */
export function bindMessages(...bound: BindArguments): BoundFunction["messages"] {
  return createMessageService(bind(...bound));
}

/** What a function is bound to, and what its cloud charges. */
export type BindArguments = [
  definition: FunctionDefinition,
  ports: Ports,
  runtime: string,
  price?: FunctionPrices,
];

/** Throws `failed_precondition` when a driver cannot do what the function needs of it. */
export function bind(...[definition, ports, runtime, price]: BindArguments): Binding {
  checkCapabilities(definition, ports);
  const Granted = grantedInvocation(definition, ports);
  const invoke: Binding["invoke"] = (init) => new Granted(definition, ports, runtime, init);
  const report: Binding["report"] = (subject, used) => reportUse({ ports, price }, subject, used);
  return { definition, ports, runtime, price, invoke, report };
}

/** An Invocation class whose prototype has one lazy getter per grant, so that an unused client costs nothing. */
function grantedInvocation(definition: FunctionDefinition, ports: Ports): typeof Invocation {
  class Granted extends Invocation {}
  for (const [name, grant] of Object.entries(definition.uses)) {
    Object.defineProperty(Granted.prototype, name, {
      get(this: Granted): unknown {
        const client = grant.connect(ports, this);
        Object.defineProperty(this, name, { value: client });
        return client;
      },
    });
  }
  return Granted;
}
