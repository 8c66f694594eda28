import { randomUUID } from "node:crypto";
import type { ServiceBusClient, ServiceBusErrorCode, ServiceBusSender } from "@azure/service-bus";
import type { Code } from "#shared/errors";
import { lazily, type Clock } from "#shared/function";
import type { QueueDriver } from "#shared/queue";
import * as z from "zod";
import type { AzureAccount } from "./account.ts";
import { codeOfRest, during, serviceCode } from "./rest-client.ts";
import { sendEach } from "./send-each.ts";

export type ServiceBusOptions = {
  /** The endpoint is the namespace's host name. */
  readonly account: AzureAccount;
  /** Delays are times of day to the service. */
  readonly clock: Pick<Clock, "now">;
};

/**
 * Messages into Azure Service Bus queues, each its own delivery on one link per queue. Its clients send no batch that
 * may succeed in part. The queues must exist.
 */
export function serviceBusQueue({ account, clock }: ServiceBusOptions): QueueDriver {
  const connect = lazily(() => connectTo(account));
  const senders = new Map<string, ServiceBusSender>();
  const senderOf = async (queue: string): Promise<ServiceBusSender> => {
    const client = await connect();
    const sender = senders.get(queue) ?? client.createSender(queue);
    senders.set(queue, sender);
    return sender;
  };
  return {
    name: "azure-service-bus",
    // The service names no limit; a year is longer than any caller should rely on a message.
    maxDelaySeconds: 365 * 86_400,
    // 256 KB with headers in the standard tier: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
    maxBodyBytes: 255 * 1024,
    async send(queue, messages, signal) {
      const sender = await senderOf(queue);
      return sendEach(messages, ({ body, delaySeconds }) => {
        const due = new Date(clock.now() + delaySeconds * 1000);
        const message = {
          // Bytes: of a string the client would make a JSON literal.
          body: Buffer.from(body),
          contentType: "application/json",
          // Its own for every send: where duplicates are detected a retry of ours would look like one.
          messageId: randomUUID(),
          ...(delaySeconds === 0 ? {} : { scheduledEnqueueTimeUtc: due }),
        };
        return sender.sendMessages(message, during(signal));
      });
    },
    codeOf: (error) =>
      SystemError.safeParse(error).success
        ? "unavailable"
        : (codes[serviceCode(error) ?? ""] ?? codeOfRest(error)),
    // Without a connection there is nothing to close, and making one only for that may fail.
    async close() {
      if (senders.size > 0) await (await connect()).close();
    },
  };
}

/** What the client makes of a failed connection: a general error that still names the system call. */
const SystemError = z.object({ syscall: z.string() });

// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-exceptions-latest
const codes: Readonly<Partial<Record<string, Code>>> = {
  MessageSizeExceeded: "too_large",
  MessagingEntityDisabled: "failed_precondition",
  MessagingEntityNotFound: "not_found",
  QuotaExceeded: "resource_exhausted",
  ServiceBusy: "resource_exhausted",
  ServiceCommunicationProblem: "unavailable",
  ServiceTimeout: "deadline_exceeded",
  UnauthorizedAccess: "permission_denied",
} satisfies Partial<Record<ServiceBusErrorCode, Code>>;

async function connectTo(account: AzureAccount): Promise<ServiceBusClient> {
  const { ServiceBusClient: Client } = await import("./service-bus-sdk.ts");
  // The client takes a whole operation's time to notice that a connection was lost under it: a minute by default.
  const options = { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } };
  return "endpoint" in account
    ? new Client(account.endpoint, account.identity, options)
    : new Client(account.connectionString, options);
}
