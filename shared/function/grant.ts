import type { AcrossClouds } from "#shared/state";
import type * as z from "zod";
import type { Capability } from "./capabilities.ts";
import type { Ports } from "./ports.ts";
import type { Use } from "./use.ts";

/** The invocation on whose behalf a client works. */
export type ClientScope = {
  readonly tenant: string;
  readonly traceparent: string;
  /** The webhook event that started this chain of invocations, if one did. */
  readonly event: string | undefined;
  /** Aborts at the deadline and when the invocation ends. */
  readonly signal: AbortSignal;
  /** What has been asked of other services so far, for the receipt; every port adds to it. */
  readonly used?: Use[];
};

/** A resource that has to be made before a function can run, as its definition says; what deployment reads of it. */
export type ResourceDefinition =
  | {
      readonly kind: "state";
      readonly name: string;
      readonly schema: z.ZodType;
      /** Whether rows may expire. */
      readonly ttl: boolean;
      /** Where rows are when functions run on several clouds. */
      readonly acrossClouds: AcrossClouds<unknown>;
    }
  | {
      readonly kind: "queue";
      readonly name: string;
      readonly schema: z.ZodType;
      readonly maxAttempts: number;
      readonly visibilitySeconds: number;
    }
  | { readonly kind: "topic"; readonly name: string }
  | { readonly kind: "blob"; readonly name: string; readonly ttlDays: number | undefined };

/**
 * One entry of `uses`: a capability as a value. It types the handler's context, is the only way to a client
 * at run time, and is rendered into the cloud's permissions.
 */
export interface Grant<Client = unknown, Needs extends Capability = never> {
  readonly kind: "state" | "queue" | "topic" | "blob" | "models" | "secret" | "action";
  readonly resource: string;
  readonly verbs: readonly string[];
  /** The definition behind the resource, where the grant comes from one. */
  readonly definition?: ResourceDefinition;
  /** What not every product can do; a target that cannot does not compile, and a driver that cannot does not start. */
  readonly needs?: readonly Needs[];
  /** Builds the client that the handler sees. Called at most once per invocation and only on use. */
  connect(ports: Ports, scope: ClientScope): Client;
}

export type Uses = Readonly<Record<string, Grant<unknown, Capability>>>;

/** The clients that `uses` stands for. */
export type Clients<U extends Uses> = {
  readonly [K in keyof U]: U[K] extends Grant<infer Client, Capability> ? Client : never;
};
