import type { FunctionDefinition, ResourceDefinition } from "#shared/function";
import { needsOf, ownQueue } from "#shared/plan";
import type {
  DeployFunction,
  DeployManifest,
  DeployQueue,
  DeployTopic,
  DeployTrigger,
  Permission,
} from "#shared/plan";
import { deadLetterQueue } from "#shared/queue";

/** What a queue without a definition of its own gets: that of a webhook's or a topic's subscriber. */
const MAX_ATTEMPTS = 5;

/** Renders what these functions need to exist. */
export function deployManifest(definitions: readonly FunctionDefinition[]): DeployManifest {
  const functions = definitions
    .map((definition) => deployFunction(definition, definitions))
    .toSorted(byName);
  const needs = definitions.flatMap(needsOf);
  const declared = needs.flatMap(({ definition }) => definition ?? []);
  const permissions = functions.flatMap((fn) => fn.permissions);
  return {
    functions,
    stores: unique(declared, "state").map(({ name, ttl }) => ({ name, ttl })),
    queues: queuesOf(definitions, permissions, unique(declared, "queue")),
    topics: topicsOf(definitions, permissions),
    buckets: unique(declared, "blob").map(({ name, ttlDays }) => ({ name, ttlDays })),
    secrets: namesOf(permissions, "secret"),
  };
}

/** The stores of these functions and of the pipeline for them, each once. */
export function storesOf(
  definitions: readonly FunctionDefinition[],
): Extract<ResourceDefinition, { kind: "state" }>[] {
  const needs = definitions.flatMap(needsOf);
  return unique(
    needs.flatMap(({ definition }) => definition ?? []),
    "state",
  );
}

function deployFunction(
  definition: FunctionDefinition,
  all: readonly FunctionDefinition[],
): DeployFunction {
  const { name, summary, targets, limits } = definition;
  const needs = Map.groupBy(needsOf(definition), ({ kind, resource }) => `${kind} ${resource}`);
  const permissions = [...needs.keys()].toSorted().flatMap((key): Permission[] => {
    const [first, ...others] = needs.get(key) ?? [];
    if (first === undefined) return [];
    const verbs = [first, ...others].flatMap((need) => need.verbs);
    return resourcesOf(first, all).map((resource) => ({
      kind: first.kind,
      resource,
      verbs: [...new Set(verbs)].toSorted(),
    }));
  });
  return { name, summary, trigger: triggerOf(definition), targets, limits, permissions };
}

/** Who may call any action calls every integration that is deployed with it. */
function resourcesOf(
  { kind, resource }: Permission,
  all: readonly FunctionDefinition[],
): readonly string[] {
  if (kind !== "action" || resource !== "*") return [resource];
  const names = all.flatMap(({ name }) => /^integration-(.+)$/.exec(name)?.[1] ?? []);
  return names.toSorted().map((name) => `${name}.*`);
}

function triggerOf({ name, trigger }: FunctionDefinition): DeployTrigger {
  switch (trigger.kind) {
    case "http":
      return { kind: "http", routes: trigger.routes };
    case "queue":
      return { kind: "queue", queue: trigger.queue.name, batch: trigger.batch };
    case "schedule":
      return { kind: "schedule", schedule: trigger.schedule, missed: trigger.missed };
    case "webhook":
    case "topic":
      return { kind: "queue", queue: name, batch: 1 };
  }
}

function queuesOf(
  definitions: readonly FunctionDefinition[],
  permissions: readonly Permission[],
  declared: readonly Extract<ResourceDefinition, { kind: "queue" }>[],
): DeployQueue[] {
  const consumers = new Map(
    definitions.flatMap((definition) => {
      const queue = ownQueue(definition);
      return queue === undefined ? [] : [[queue, definition] as const];
    }),
  );
  const names = new Set([...consumers.keys(), ...namesOf(permissions, "queue")]);
  return [...names].toSorted().map((name) => {
    const consumer = consumers.get(name);
    const definition =
      consumer?.trigger.kind === "queue"
        ? consumer.trigger.queue
        : declared.find((queue) => queue.name === name);
    const dead = deadLetterQueue(name);
    return {
      name,
      consumer: consumer?.name,
      maxAttempts: definition?.maxAttempts ?? MAX_ATTEMPTS,
      visibilitySeconds:
        consumer?.trigger.kind === "queue"
          ? consumer.trigger.queue.visibilitySeconds
          : 2 * (consumer?.limits.timeoutSeconds ?? 30),
      deadLetterQueue: names.has(dead) ? dead : undefined,
    };
  });
}

function topicsOf(
  definitions: readonly FunctionDefinition[],
  permissions: readonly Permission[],
): DeployTopic[] {
  const subscriptions = definitions.flatMap(({ name, trigger }) =>
    trigger.kind === "topic"
      ? [{ topic: trigger.topic.name, queue: name, types: trigger.events }]
      : [],
  );
  const names = new Set([
    ...namesOf(permissions, "topic"),
    ...subscriptions.map(({ topic }) => topic),
  ]);
  return [...names].toSorted().map((name) => ({
    name,
    subscriptions: subscriptions
      .filter(({ topic }) => topic === name)
      .map(({ queue, types }) => ({ queue, types })),
  }));
}

/** One definition per name; two stores of one name are one store that is described twice. */
function unique<K extends ResourceDefinition["kind"]>(
  declared: readonly ResourceDefinition[],
  kind: K,
): Extract<ResourceDefinition, { kind: K }>[] {
  const named = new Map(
    declared
      .filter((each): each is Extract<ResourceDefinition, { kind: K }> => each.kind === kind)
      .map((each) => [each.name, each] as const),
  );
  return [...named.values()].toSorted(byName);
}

function namesOf(permissions: readonly Permission[], kind: Permission["kind"]): string[] {
  const names = permissions.filter((each) => each.kind === kind).map(({ resource }) => resource);
  return [...new Set(names)].toSorted();
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
