import type { FunctionDefinition, Grant } from "#shared/function";
import { ACTION_TOKENS } from "#shared/actions";
import { idempotentCalls } from "#shared/idempotency";
import { API_KEYS } from "#shared/identity";
import { claimsBucket, deadLetterQueue } from "#shared/queue";
import { scheduleSlots } from "#shared/schedules";
import { webhookEvents } from "#shared/webhook-events";

/** A capability as deployment needs to know it. */
export type Need = Pick<Grant, "kind" | "resource" | "verbs" | "definition">;

/** Everything that a function or the pipeline for it does. */
export function needsOf(definition: FunctionDefinition): readonly Need[] {
  return [...Object.values(definition.uses), ...pipelineUses(definition)];
}

/** The queue whose messages a function takes, if it takes messages. */
export function ownQueue({ name, trigger }: FunctionDefinition): string | undefined {
  if (trigger.kind === "queue") return trigger.queue.name;
  return trigger.kind === "webhook" || trigger.kind === "topic" ? name : undefined;
}

/**
 * What the pipeline does on a function's behalf, beside what its `uses` grants to the handler: it fences keyed
 * invocations, loads webhook events, puts a message back or away, and, once deployed, reads the keys that callers show
 * it and those that it shows to actions.
 */
export function pipelineUses(definition: FunctionDefinition): readonly Need[] {
  const { trigger, uses } = definition;
  const own = ownQueue(definition);
  const needs: Need[] = [];
  if (trigger.kind === "http" && trigger.routes.some(({ auth }) => auth === "bearer")) {
    needs.push({ kind: "secret", resource: API_KEYS, verbs: ["read"] });
  }
  if (Object.values(uses).some(({ kind }) => kind === "action")) {
    needs.push({ kind: "secret", resource: `${ACTION_TOKENS}/*`, verbs: ["read"] });
  }
  if (definition.idempotencyTtlSeconds !== undefined) {
    needs.push(idempotentCalls.grant("create", "put", "delete"));
  }
  if (trigger.kind === "schedule") needs.push(scheduleSlots.grant("create", "put", "list"));
  if (trigger.kind === "webhook") needs.push(webhookEvents.grant("get"));
  if (own !== undefined) {
    needs.push({ kind: "queue", resource: own, verbs: ["send"] });
    needs.push({ kind: "queue", resource: deadLetterQueue(own), verbs: ["send"] });
  }
  if (own !== undefined || Object.values(uses).some(({ kind }) => kind === "queue")) {
    // Bodies that are too large for their queue: https://learn.microsoft.com/azure/architecture/patterns/claim-check
    const { kind, name: resource } = claimsBucket;
    needs.push({ kind, resource, verbs: ["get", "put"], definition: claimsBucket });
  }
  return needs;
}
