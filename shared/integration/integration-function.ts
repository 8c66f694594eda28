import { connectionGrants } from "#shared/connections";
import {
  defineFunction,
  type FunctionDefinition,
  type Grant,
  type HttpTrigger,
  type RawRequest,
} from "#shared/function";
import { idempotentCalls, type IdempotencyStore } from "#shared/idempotency";
import { webhookEvents } from "#shared/webhook-events";
import { type DocumentCache, handshakeMethods } from "#shared/webhooks";
import * as z from "zod";
import { type Connections, connections } from "./connection.ts";
import type { Integration } from "./define-integration.ts";
import {
  type EventStore,
  type ForReceiver,
  forReceiver,
  type SenderGrants,
  senderGrants,
  type Subscriber,
} from "./deliver.ts";
import type { Served } from "./open-action.ts";
import type { WebhookResources } from "./webhook-trust.ts";

const limits = { timeoutSeconds: 30, memoryMb: 256 };

/**
 * The one deployable of an integration, `integration-<id>`: its actions behind the bearer token, its webhooks behind
 * the vendor's signature. `subscribers` are the platform functions that its events are queued for.
 */
export function integrationFunction(
  integration: Integration,
  options: {
    readonly subscribers: readonly Subscriber[];
    /** Where vendors publish their keys; an empty cache over our own client where it is left out. */
    readonly documents?: DocumentCache;
  },
): FunctionDefinition {
  const { subscribers } = options;
  let served: Served | undefined;
  let resources: WebhookResources | undefined;
  return defineFunction({
    name: `integration-${integration.id}`,
    summary: integration.summary,
    trigger: trigger(integration),
    input: z.custom<RawRequest>((value) => typeof value === "object" && value !== null),
    uses: usesOf(integration.id, subscribers),
    limits,
    async handler(ctx, request) {
      // Either half waits for its first request, so that neither makes the start of the other longer.
      if (request.params["action"] !== undefined) {
        const { serve, serveAction } = await import("./serve-action.ts");
        served ??= serve(integration, limits.timeoutSeconds);
        return serveAction(served, ctx, request);
      }
      const { openResources, serveWebhook } = await import("./serve-webhook.ts");
      resources ??= openResources(options.documents);
      return serveWebhook(integration, resources, subscribers, ctx, request);
    },
  });
}

type IntegrationUses = SenderGrants &
  typeof connectionGrants & {
    readonly connections: Grant<Connections>;
    readonly answers: Grant<IdempotencyStore>;
    readonly events: Grant<ForReceiver<EventStore>>;
  };

function usesOf(id: string, subscribers: readonly Subscriber[]): IntegrationUses {
  return {
    ...senderGrants(subscribers),
    ...connectionGrants,
    connections: connections(id),
    answers: idempotentCalls.grant("create", "put", "delete"),
    events: forReceiver(webhookEvents.grant("create", "put")),
  };
}

function trigger({ id, webhooks }: Integration): HttpTrigger {
  const actions = {
    method: "POST",
    path: `/v1/integrations/${id}/actions/:action`,
    auth: "bearer",
  } as const;
  const methods =
    webhooks === undefined ? [] : ["POST" as const, ...handshakeMethods(webhooks.handshakes ?? [])];
  const received = methods.map(
    (method) => ({ method, path: `/v1/webhooks/${id}/:connection`, auth: "public" }) as const,
  );
  return { kind: "http", routes: [actions, ...received], raw: true };
}
