import { Fault } from "#shared/errors";
import type { DeployQueue } from "#shared/plan";
import { type Element, labelOf, resource } from "#shared/terraform";
import type { Parts } from "./parts.ts";

/** https://learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement#peeklock */
const MAX_LOCK_SECONDS = 300;

/** A namespace that takes no keys, and the queues with their own locks; nothing where queues are Azure Storage's. */
export function serviceBusOf({ manifest, names, options, placed }: Parts): {
  readonly namespace: Element | undefined;
  readonly byResource: ReadonlyMap<string, Element>;
  readonly elements: readonly Element[];
} {
  if (options.queue !== "service-bus") {
    return { namespace: undefined, byResource: new Map(), elements: [] };
  }
  const namespace = resource("azurerm_servicebus_namespace", "main", {
    name: names.bus,
    ...placed,
    sku: "Standard",
    local_auth_enabled: false,
    minimum_tls_version: "1.2",
  });
  const byResource = new Map(
    manifest.queues.map((queue) => [`queue/${queue.name}`, queueIn(namespace, queue)]),
  );
  return { namespace, byResource, elements: [namespace, ...byResource.values()] };
}

/** Throws `invalid_argument` for a queue that would be hidden longer than Service Bus locks. */
function queueIn({ get }: Element, { name, maxAttempts, visibilitySeconds }: DeployQueue): Element {
  if (visibilitySeconds > MAX_LOCK_SECONDS) {
    throw new Fault(
      "invalid_argument",
      `azure.queue: "${name}" hides messages for ${visibilitySeconds} s, and Service Bus locks for ${MAX_LOCK_SECONDS} s at most; ` +
        "lower visibilitySeconds or its function's timeout, or deploy with Storage Queue",
    );
  }
  return resource("azurerm_servicebus_queue", labelOf(name), {
    name,
    namespace_id: get("id"),
    lock_duration: `PT${visibilitySeconds}S`,
    // Attempts are counted in our envelope; the service only gives up what breaks the worker each time.
    max_delivery_count: Math.max(10, maxAttempts + 1),
    dead_lettering_on_message_expiration: true,
  });
}
