import type { FunctionDefinition, Grant } from "#shared/function";
import { idempotentCalls } from "#shared/idempotency";
import { claimsBucket, deadLetterQueue } from "#shared/queue";
import { scheduleSlots } from "#shared/schedules";
import { webhookEvents } from "#shared/webhook-events";

/** A capability as deployment needs to know it. */
export type Need = Pick<Grant, "kind" | "resource" | "verbs" | "definition">;

/**
 * What the pipeline does on a function's behalf, beside what its `uses` grants to the handler: it fences keyed
 * invocations and slots of schedules, loads webhook events, and puts a message back or away.
 */
export function pipelineUses(definition: FunctionDefinition): readonly Need[] {
  const own = ownQueue(definition);
  const needs: Need[] = [];
  if (definition.idempotencyTtlSeconds !== undefined) {
    needs.push(idempotentCalls.grant("create", "put", "delete"));
  }
  if (definition.trigger.kind === "schedule") {
    needs.push(scheduleSlots.grant("create", "put", "list"));
  }
  if (definition.trigger.kind === "webhook") needs.push(webhookEvents.grant("get"));
  if (own !== undefined) {
    needs.push({ kind: "queue", resource: own, verbs: ["send"] });
    needs.push({ kind: "queue", resource: deadLetterQueue(own), verbs: ["send"] });
  }
  const sends = Object.values(definition.uses).some(({ kind }) => kind === "queue");
  if (sends || own !== undefined) {
    // Bodies that are too large for their queue: https://learn.microsoft.com/azure/architecture/patterns/claim-check
    const { kind, name: resource } = claimsBucket;
    needs.push({ kind, resource, verbs: ["get", "put"], definition: claimsBucket });
  }
  return needs;
}

/** The queue whose messages a function takes, if it takes messages. */
export function ownQueue({ name, trigger }: FunctionDefinition): string | undefined {
  if (trigger.kind === "queue") return trigger.queue.name;
  return trigger.kind === "webhook" || trigger.kind === "topic" ? name : undefined;
}
