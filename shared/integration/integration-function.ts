import {
  defineFunction,
  type FunctionDefinition,
  type Grant,
  type HttpTrigger,
  type RawRequest,
} from "#shared/function";
import { createPacing, openSockets, type PaceRule } from "#shared/http";
import { idempotentCalls, type IdempotencyStore } from "#shared/idempotency";
import { webhookEvents } from "#shared/webhook-events";
import { createDocumentCache, type DocumentCache, handshakeMethods } from "#shared/webhooks";
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
import { serveAction, type Served } from "./serve-action.ts";
import { serveWebhook } from "./serve-webhook.ts";

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
  const { subscribers, documents = createDocumentCache() } = options;
  const sockets = openSockets();
  const resources = { sockets, documents };
  const served: Served = {
    integration,
    sockets,
    pacing: createPacing(paceRules(integration)),
    leaseSeconds: limits.timeoutSeconds,
  };
  return defineFunction({
    name: `integration-${integration.id}`,
    summary: integration.summary,
    trigger: trigger(integration),
    input: z.custom<RawRequest>((value) => typeof value === "object" && value !== null),
    uses: usesOf(integration.id, subscribers),
    limits,
    async handler(ctx, request) {
      if (request.params["action"] !== undefined) {
        return serveAction(served, ctx, request);
      }
      return serveWebhook(integration, resources, subscribers, ctx, request);
    },
  });
}

type IntegrationUses = SenderGrants & {
  readonly connections: Grant<Connections>;
  readonly answers: Grant<IdempotencyStore>;
  readonly events: Grant<ForReceiver<EventStore>>;
};

function usesOf(id: string, subscribers: readonly Subscriber[]): IntegrationUses {
  return {
    ...senderGrants(subscribers),
    connections: connections(id),
    answers: idempotentCalls.grant("create", "put", "delete"),
    events: forReceiver(webhookEvents.grant("create", "put")),
  };
}

function paceRules(integration: Integration): PaceRule[] {
  return integration.limits.flatMap(({ requests, perSeconds, counts }) =>
    counts === undefined ? [] : [{ requests, perSeconds, counts }],
  );
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
