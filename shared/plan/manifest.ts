import type { Limits, Route, Schedule, Target } from "#shared/function";

/** What a function may do to a resource. `*` in a resource stands for one part of a secret's name. */
export type Permission = {
  readonly kind: "state" | "queue" | "topic" | "blob" | "models" | "secret" | "action";
  readonly resource: string;
  readonly verbs: readonly string[];
};

/** How calls reach a function. Webhook and topic functions take theirs from a queue named after them. */
export type DeployTrigger =
  | { readonly kind: "http"; readonly routes: readonly Route[] }
  | { readonly kind: "queue"; readonly queue: string; readonly batch: number }
  | {
      readonly kind: "schedule";
      readonly schedule: Schedule;
      readonly missed: "skip" | "once";
    };

/** A function as deployment sees it. */
export type DeployFunction = {
  readonly name: string;
  readonly summary: string;
  readonly trigger: DeployTrigger;
  readonly targets: readonly Target[];
  readonly limits: Limits;
  /** Everything it or the pipeline for it does, one entry per resource, sorted. */
  readonly permissions: readonly Permission[];
};

export type DeployStore = { readonly name: string; readonly ttl: boolean };

export type DeployQueue = {
  readonly name: string;
  /** The function whose trigger it is; a dead-letter queue has none. */
  readonly consumer: string | undefined;
  readonly maxAttempts: number;
  readonly visibilitySeconds: number;
  readonly deadLetterQueue: string | undefined;
};

/** Which events of a topic go to which function's queue. */
export type DeploySubscription = { readonly queue: string; readonly types: readonly string[] };

export type DeployTopic = {
  readonly name: string;
  readonly subscriptions: readonly DeploySubscription[];
};

export type DeployBucket = { readonly name: string; readonly ttlDays: number | undefined };

/**
 * Everything that has to exist in a cloud, derived from the definitions and the same for all clouds; a cloud's
 * renderer makes its own files of it. All lists are sorted by name, so that renderings are stable.
 */
export type DeployManifest = {
  readonly functions: readonly DeployFunction[];
  readonly stores: readonly DeployStore[];
  readonly queues: readonly DeployQueue[];
  readonly topics: readonly DeployTopic[];
  readonly buckets: readonly DeployBucket[];
  /** Secrets that functions read, with `*` where a part is only known at run time. */
  readonly secrets: readonly string[];
};
