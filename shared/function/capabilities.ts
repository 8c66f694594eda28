import type { Target } from "./define-function.ts";
import type { Grant, Uses } from "./grant.ts";

/** What a function may ask of a product although not every product can do it. */
export type Capability = keyof typeof needs;

/** What a capability takes at run time: figures of the drivers that a deployment binds a function to. */
export const needs = {
  /** A queue holds a message back for as long as every queue can that can do so at all. */
  delay: { delaySeconds: 900 },
} as const;

/**
 * What the products can do. SQS delays by up to 15 minutes, a Storage Queue by 7 days and Service Bus without bound, and
 * Pub/Sub not at all:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html
 * https://learn.microsoft.com/rest/api/storageservices/put-message
 * https://learn.microsoft.com/azure/service-bus-messaging/message-sequencing
 * https://cloud.google.com/tasks/docs/comp-pub-sub
 */
export const products = {
  sqs: { can: ["delay"] },
  "azure-storage-queue": { can: ["delay"] },
  "azure-service-bus": { can: ["delay"] },
  pubsub: { can: [] },
} as const satisfies Readonly<Record<string, { readonly can: readonly Capability[] }>>;

/** What a function is deployed on where its deployment does not say. */
export const defaultProducts = {
  aws: { queue: "sqs" },
  azure: { queue: "azure-storage-queue" },
  gcp: { queue: "pubsub" },
} as const satisfies Readonly<Record<Target, { readonly queue: keyof typeof products }>>;

// Grants that come as a list without names have lost what they need: those are looked at when the function starts.
type NeedsOf<U extends Uses> = string extends keyof U
  ? never
  : { [K in keyof U]: U[K] extends Grant<unknown, infer N> ? N : never }[keyof U];

type CanOf<T extends Target> =
  (typeof products)[(typeof defaultProducts)[T]["queue"]]["can"][number];

// One sentence per cloud and lack, which the compiler quotes.
type Lacks<N, T extends Target> = T extends Target
  ? Exclude<N, CanOf<T>> extends infer Lacked extends string
    ? Lacked extends string
      ? `${T}: ${(typeof defaultProducts)[T]["queue"]} has no ${Lacked}; leave ${T} out of targets`
      : never
    : never
  : never;

/** Nothing where all targets can do what the grants ask, and a property that no specification has where one cannot. */
export type Portable<U extends Uses, Targets extends readonly Target[]> = [
  Lacks<NeedsOf<U>, Targets[number]>,
] extends [never]
  ? unknown
  : { readonly targets: Lacks<NeedsOf<U>, Targets[number]> };
