import type { Target } from "#shared/function";
import { needsOf } from "#shared/plan";
import { BYTES_PER_UNIT, schemaSize } from "#shared/plan";
import type { DeployedCloud } from "./deployed-cloud.ts";

/** Where the same definition does not do quite the same on a cloud, and what of this project it concerns. */
export type Difference = {
  readonly id: string;
  readonly text: string;
  readonly concerns: readonly string[];
  readonly source: string;
};

type Rule = {
  readonly id: string;
  /** The clouds that it is true of. */
  readonly on: readonly Target[];
  readonly source: string;
  readonly text: string | ((cloud: DeployedCloud) => string);
  /** What of this project uses the thing; nothing where it does not. */
  readonly concerns: (cloud: DeployedCloud) => readonly string[];
};

const EVERYWHERE: readonly Target[] = ["aws", "azure", "gcp"];
const consumed = ({ manifest }: DeployedCloud): readonly string[] =>
  manifest.queues.filter(({ consumer }) => consumer !== undefined).map(({ name }) => name);
const expiring = ({ manifest }: DeployedCloud): readonly string[] =>
  manifest.stores.filter(({ ttl }) => ttl).map(({ name }) => name);
const scheduled = ({ manifest }: DeployedCloud): readonly string[] =>
  manifest.functions.filter(({ trigger }) => trigger.kind === "schedule").map(({ name }) => name);
const all = ({ manifest }: DeployedCloud): readonly string[] =>
  manifest.functions.map(({ name }) => name);

const rules: readonly Rule[] = [
  {
    id: "retry-by-requeue",
    on: EVERYWHERE,
    source: "docs/semantics.md",
    text: ({ queue: { maxDelaySeconds } }) =>
      `retry delay is emulated by re-enqueue: the message is sent again, held back for at most ${maxDelaySeconds} s, then acknowledged`,
    concerns: (cloud) => (cloud.queue.maxDelaySeconds > 0 ? consumed(cloud) : []),
  },
  {
    id: "retry-by-back-off",
    on: EVERYWHERE,
    source: "https://cloud.google.com/pubsub/docs/handling-failures#exponential_backoff",
    text: "the broker holds no message back: a retry comes after its own back-off, whatever afterSeconds says",
    concerns: (cloud) => (cloud.queue.maxDelaySeconds === 0 ? consumed(cloud) : []),
  },
  {
    id: "send-delay",
    on: EVERYWHERE,
    source: "docs/semantics.md",
    text: ({ queue: { maxDelaySeconds } }) =>
      maxDelaySeconds === 0
        ? "send with delaySeconds is refused"
        : `send with more than ${maxDelaySeconds} s of delaySeconds is refused`,
    // A day is what a message may be expected to wait for.
    concerns: (cloud) => (cloud.queue.maxDelaySeconds < 86_400 ? senders(cloud) : []),
  },
  {
    id: "claim-check",
    on: EVERYWHERE,
    source: "docs/semantics.md",
    text: ({ queue: { maxBodyBytes } }) =>
      `messages above ${Math.floor(maxBodyBytes / 1024)} KB travel by claim check, and the schema allows them`,
    concerns: largeMessages,
  },
  {
    id: "one-message-per-call",
    on: ["azure", "gcp"],
    source:
      "https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#concurrency",
    text: "a batch is one message: each starts an invocation of its own",
    concerns: ({ functions }) =>
      functions
        .filter(({ trigger }) => trigger.kind === "queue" && trigger.batch > 1)
        .map(({ name }) => name),
  },
  {
    id: "shared-queue-settings",
    on: ["azure"],
    source:
      "https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#host-json",
    text: "all queues of the app have one visibility timeout and one number of deliveries, in host.json",
    concerns: (cloud) => several(consumed(cloud)),
  },
  {
    id: "shared-identity",
    on: ["azure"],
    source: "https://learn.microsoft.com/azure/app-service/overview-managed-identity",
    text: "functions of an app share one identity: each may do what any of them may",
    concerns: (cloud) => several(all(cloud)),
  },
  {
    id: "shared-process",
    on: ["azure"],
    source: "https://learn.microsoft.com/azure/azure-functions/functions-reference-node",
    text: "functions of an app share processes and their memory: the largest memoryMb holds for all",
    concerns: (cloud) => several(all(cloud)),
  },
  {
    id: "no-timer-retry",
    on: ["azure"],
    source:
      "https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#retry-behavior",
    text: "a slot that failed is not tried again before the next one",
    concerns: scheduled,
  },
  {
    id: "session-consistency",
    on: ["azure"],
    source: "https://learn.microsoft.com/azure/cosmos-db/consistency-levels",
    text: "another instance may read a row a moment late (session consistency); give get atLeast where it matters",
    concerns: (cloud) =>
      cloud.settings["AUTERITY_STATE"] === "cosmos" ? granted(cloud, "state", "get") : [],
  },
  {
    id: "table-sweeper",
    on: ["azure"],
    source: "https://learn.microsoft.com/azure/storage/tables/table-storage-overview",
    text: "Table Storage never deletes expired rows: it needs a sweeper",
    concerns: (cloud) => (cloud.settings["AUTERITY_STATE"] === "table" ? expiring(cloud) : []),
  },
  {
    id: "late-deletion",
    on: ["aws"],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
    text: "expired rows are hidden at once, but stored and paid for until a few days later",
    concerns: expiring,
  },
  {
    id: "late-deletion",
    on: ["gcp"],
    source: "https://cloud.google.com/firestore/docs/ttl",
    text: "expired rows are hidden at once, but stored and paid for until a day later",
    concerns: expiring,
  },
  {
    id: "wide-secrets",
    on: ["azure"],
    source: "https://learn.microsoft.com/azure/key-vault/general/rbac-guide",
    text: "a secret whose name is open until run time is a permission on the whole vault",
    concerns: ({ manifest }) => manifest.secrets.filter((name) => name.includes("*")),
  },
  {
    id: "wide-state",
    on: ["gcp"],
    source: "https://cloud.google.com/firestore/docs/security/iam",
    text: "Firestore's IAM tells no collections apart: a verb on one store is that verb on all",
    concerns: ({ manifest }) => several(manifest.stores.map(({ name }) => name)),
  },
  {
    id: "whole-request-publish",
    on: ["azure", "gcp"],
    source: "docs/semantics.md",
    text: "events published together fail together",
    concerns: (cloud) => granted(cloud, "topic", "publish"),
  },
  {
    id: "small-requests",
    on: ["aws"],
    source: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    text: ({ limits: { maxRequestBytes } }) =>
      `requests and answers end at ${maxRequestBytes / 1024 ** 2} MB, the least of the three clouds`,
    concerns: ({ functions }) =>
      functions.filter(({ trigger }) => trigger.kind === "http").map(({ name }) => name),
  },
];

/** What is different on a cloud, only where this project uses the thing. */
export function differencesOn(cloud: DeployedCloud): Difference[] {
  return rules
    .filter(({ on }) => on.includes(cloud.target))
    .flatMap(({ id, source, text, concerns }) => {
      const concerned = [...new Set(concerns(cloud))].toSorted();
      const words = typeof text === "string" ? text : text(cloud);
      return concerned.length === 0 ? [] : [{ id, text: words, concerns: concerned, source }];
    });
}

function several(names: readonly string[]): readonly string[] {
  return names.length > 1 ? names : [];
}

function granted({ manifest }: DeployedCloud, kind: string, verb: string): readonly string[] {
  return manifest.functions.flatMap(({ permissions }) =>
    permissions
      .filter((permission) => permission.kind === kind && permission.verbs.includes(verb))
      .map(({ resource }) => resource),
  );
}

/** Functions whose handler may send; what the pipeline sends for them is no matter of theirs. */
function senders({ functions }: DeployedCloud): readonly string[] {
  return functions
    .filter(({ uses }) => Object.values(uses).some(({ kind }) => kind === "queue"))
    .map(({ name }) => name);
}

function largeMessages({ functions, queue }: DeployedCloud): readonly string[] {
  return functions
    .flatMap((definition) => needsOf(definition).flatMap((need) => need.definition ?? []))
    .flatMap((definition) => {
      if (definition.kind !== "queue") return [];
      const { bytes, bounded } = schemaSize(definition.schema, {
        io: "input",
        perUnit: BYTES_PER_UNIT.text,
      });
      return !bounded || bytes > queue.maxBodyBytes ? [definition.name] : [];
    });
}
