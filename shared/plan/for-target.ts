import type { Target } from "#shared/function";
import type { DeployManifest, DeployQueue, Permission } from "./manifest.ts";

/** The part of a manifest that one cloud needs: its functions, and what they and their triggers touch. */
export function forTarget(manifest: DeployManifest, target: Target): DeployManifest {
  const functions = manifest.functions.filter(({ targets }) => targets.includes(target));
  const deployed = new Set(functions.map(({ name }) => name));
  const used = new Set(functions.flatMap(({ permissions }) => permissions.map(keyOf)));
  const uses = (kind: Permission["kind"], name: string): boolean => used.has(`${kind} ${name}`);
  return {
    functions,
    stores: manifest.stores.filter(({ name }) => uses("state", name)),
    queues: manifest.queues
      .filter(({ name, consumer }) => uses("queue", name) || deployed.has(consumer ?? ""))
      .map((queue) => (deployed.has(queue.consumer ?? "") ? queue : withoutConsumer(queue))),
    topics: manifest.topics
      .map(({ name, subscriptions }) => ({
        name,
        subscriptions: subscriptions.filter(({ queue }) => deployed.has(queue)),
      }))
      .filter(({ name, subscriptions }) => uses("topic", name) || subscriptions.length > 0),
    buckets: manifest.buckets.filter(({ name }) => uses("blob", name)),
    secrets: manifest.secrets.filter((name) => uses("secret", name)),
  };
}

function withoutConsumer(queue: DeployQueue): DeployQueue {
  return { ...queue, consumer: undefined };
}

function keyOf({ kind, resource }: Permission): string {
  return `${kind} ${resource}`;
}
