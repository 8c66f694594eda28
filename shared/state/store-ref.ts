import { Fault } from "#shared/errors";
import type { ClientScope, Grant } from "#shared/function";
import { only } from "#shared/portable";
import type * as z from "zod";
import type { StatePorts } from "./rows.ts";
import { Store } from "./store.ts";

/** What a function may be granted on a store: the names of its methods. */
export type StateVerb = "get" | "create" | "put" | "delete" | "update" | "transact" | "list";

type StringField<V> = {
  [K in keyof V]-?: V[K] extends string ? K : never;
}[keyof V] &
  string;

/**
 * Where the rows of a store are when its functions run on several clouds. `separate`: each cloud has its own.
 * `home`: one cloud has them for all, for what must happen once among them; the others keep a copy in case it is lost.
 * `replicated`: each cloud reads and writes its own copy, and of concurrent writes the later by hybrid clock stays, or
 * what `merge` makes of both: it must be commutative, associative and idempotent, and a writer may only add to what it
 * read.
 */
export type AcrossClouds<V> =
  | "separate"
  | "home"
  | "replicated"
  | {
      // A method, so that a store of some value is a store.
      merge(a: V, b: V): V;
    };

/** A store as a value: its name, what its rows look like, and which two fields are their key. */
export interface StoreRef<
  V extends object = object,
  P extends keyof V & string = keyof V & string,
  S extends keyof V & string = keyof V & string,
> {
  readonly kind: "state";
  readonly name: string;
  readonly schema: z.ZodType<V>;
  readonly partition: P;
  readonly sort: S;
  /** Whether rows may expire, which some clouds must be told when the store is made. */
  readonly ttl: boolean;
  readonly acrossClouds: AcrossClouds<V>;
  /** The permission for some verbs, for `uses`; the client has exactly these methods. */
  grant<const Verb extends StateVerb>(
    ...verbs: Verb[]
  ): Grant<Pick<Store<V, Pick<V, P | S>>, Verb>>;
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * Declares a store. Pure data; nothing is created. `partition` and `sort` name string fields of the schema (the same
 * one twice for a plain key-value store); the schema must accept what it gives. Throws `invalid_argument` for a name
 * that no cloud would take, and `failed_precondition` for a store of several clouds without `ttl`: what is left of a
 * deleted row has to expire some day.
 */
export function store<
  V extends object,
  const P extends StringField<V>,
  const S extends StringField<V>,
>(
  name: string,
  options: {
    schema: z.ZodType<V>;
    partition: P;
    sort: S;
    ttl?: boolean;
    /** `separate` when left out. Anything else needs `ttl`. */
    acrossClouds?: AcrossClouds<V>;
  },
): StoreRef<V, P, S> {
  const { ttl = false, acrossClouds = "separate" } = options;
  if (!NAME.test(name) || name.length > 60) {
    throw new Fault(
      "invalid_argument",
      `state.define: "${name}" is no portable name; use kebab-case of at most 60 characters`,
    );
  }
  if (acrossClouds !== "separate" && !ttl) {
    throw new Fault(
      "failed_precondition",
      `state.define: "${name}" spans clouds, where deletions must expire; declare it with ttl`,
    );
  }
  const ref: StoreRef<V, P, S> = {
    kind: "state",
    name,
    schema: options.schema,
    partition: options.partition,
    sort: options.sort,
    ttl,
    acrossClouds,
    grant: (...verbs) => ({
      kind: "state",
      resource: name,
      verbs,
      definition: ref,
      connect: (ports, scope) => only(openStore(ref, ports, scope), verbs),
    }),
  };
  return ref;
}

/** A whole store on behalf of an invocation, for code that is no function. */
export function openStore<V extends object, P extends keyof V & string, S extends keyof V & string>(
  ref: StoreRef<V, P, S>,
  ports: StatePorts,
  scope: ClientScope,
): Store<V, Pick<V, P | S>> {
  return new Store(ref, ports, scope);
}
