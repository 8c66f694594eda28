import { secretFields } from "#shared/auth";
import type { CatalogueEntry, FunctionInfo, JsonSchema } from "#shared/console";
import { toCron, type Trigger } from "#shared/function";
import { ownQueue } from "#shared/plan";
import type { Integration } from "#shared/integration";
import type { Subscription } from "#shared/topic";
import * as z from "zod";
import type { Deployable, Registry } from "./registry.ts";

/** What the local runtime needs to know of a function without importing it. */
export type ManifestFunction = FunctionInfo & {
  /** Queue whose messages it takes, if it takes messages. */
  readonly queue: string | null;
  readonly visibilitySeconds: number;
  /** Five-field cron of a scheduled function. */
  readonly cron: string | null;
  readonly missed: "skip" | "once" | null;
  /** The p95 answer time that the router has to keep. */
  readonly slo: { readonly p95Ms: number; readonly hedge?: true } | undefined;
  /** What it subscribed to, if to a topic. */
  readonly subscription: Subscription | null;
};

/** Everything derived from the definitions, as plain data. */
export type Manifest = {
  readonly functions: readonly ManifestFunction[];
  readonly integrations: readonly CatalogueEntry[];
};

/** Renders the manifest of a registry. */
export function renderManifest(registry: Registry): Manifest {
  return {
    functions: registry.deployables.map(renderFunction),
    integrations: registry.integrations.map(renderIntegration),
  };
}

/** The variable from which a field of an integration's local connection is read. */
function connectionVariable(integration: string, field: string): string {
  return `AUTERITY_SECRET_${`${integration}_${field}`.toUpperCase().replaceAll("-", "_")}`;
}

function renderFunction({ definition }: Deployable): ManifestFunction {
  const { name, summary, trigger, targets, uses, limits, input } = definition;
  return {
    name,
    summary,
    trigger: trigger.kind,
    on: describeTrigger(trigger),
    targets,
    uses: Object.entries(uses).map(([member, { kind, resource, verbs }]) => ({
      name: member,
      kind,
      resource,
      verbs,
    })),
    limits,
    input: toSchema(input),
    queue: ownQueue(definition) ?? null,
    visibilitySeconds:
      trigger.kind === "queue" ? trigger.queue.visibilitySeconds : limits.timeoutSeconds * 2,
    cron: trigger.kind === "schedule" ? toCron(trigger.schedule) : null,
    missed: trigger.kind === "schedule" ? trigger.missed : null,
    slo: definition.slo,
    subscription:
      trigger.kind === "topic"
        ? { topic: trigger.topic.name, queue: name, types: trigger.events }
        : null,
  };
}

function describeTrigger(trigger: Trigger): string {
  switch (trigger.kind) {
    case "http":
      return trigger.routes.map(({ method, path }) => `${method} ${path}`).join(", ");
    case "queue":
      return `queue ${trigger.queue.name}`;
    case "schedule":
      return `schedule ${toCron(trigger.schedule)}`;
    case "webhook":
      return `${trigger.integration}: ${trigger.events.join(", ")}`;
    case "topic":
      return `topic ${trigger.topic.name}: ${trigger.events.join(", ")}`;
  }
}

function renderIntegration(integration: Integration): CatalogueEntry {
  const { id, title, summary, category, docs, auth, actions, webhooks, limits } = integration;
  return {
    id,
    title,
    summary,
    category,
    docs,
    auth: {
      kind: auth[0].kind,
      fields: Object.entries(secretFields(auth)).map(([name, { label, required }]) => ({
        name,
        label,
        required,
        variable: connectionVariable(id, name),
      })),
    },
    actions: Object.entries(actions).map(([action, definition]) => ({
      id: action,
      summary: definition.summary,
      docs: definition.docs,
      effect: definition.effect,
      idempotency: definition.idempotency?.kind ?? null,
      scopes: definition.scopes,
      input: toSchema(definition.input),
      output: toSchema(definition.output),
    })),
    events: Object.entries(webhooks?.events ?? {}).map(([type, payload]) => ({
      type,
      payload: toSchema(payload),
    })),
    limits,
  };
}

// What JSON Schema cannot say (a transform, a custom check) is left open rather than refused.
function toSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}
