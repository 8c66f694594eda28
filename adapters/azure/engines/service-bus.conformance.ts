import { once } from "node:events";
import type { Socket } from "node:net";
import rhea, { type Connection, type EventContext, type Message, type Sender } from "rhea";
import type { Clock } from "#shared/function";
import * as z from "zod";

/** A Service Bus namespace as senders see it on the wire, in this process. */
export type FakeServiceBus = {
  readonly connectionString: string;
  /** Removes and gives what is due in a queue, oldest first. */
  take(queue: string): Held[];
  /** Refuses the next message with this AMQP error condition. */
  refuse(condition: string): void;
  /** Closes all connections, as the service does when they were idle for long. */
  disconnect(): Promise<void>;
  stop(): Promise<void>;
};

type Container = ReturnType<typeof rhea.create_container>;
type Held = { readonly id: string; readonly body: string; readonly dueAtMs: number };

/** The standard tier's: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas */
const MAX_MESSAGE_BYTES = 262_144;
const KEY_NAME = "RootManageSharedAccessKey";
const CLAIMS = "$cbs";

const Received = z.object({
  message_id: z.string(),
  body: z.object({ content: z.instanceof(Buffer) }).transform(({ content }) => content.toString()),
  message_annotations: z.object({ "x-opt-scheduled-enqueue-time": z.date().optional() }).optional(),
});

/**
 * Starts an AMQP 1.0 server with these queues that speaks as much of Service Bus as a sender needs: claims, links,
 * scheduled messages and refusals. https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
 */
export async function startServiceBus(
  queues: readonly string[],
  clock: Pick<Clock, "now">,
): Promise<FakeServiceBus> {
  const held = new Map<string, Held[]>(queues.map((queue) => [queue, []]));
  let refusal: string | undefined;
  const container = rhea.create_container({ id: "service-bus" });
  answerClaims(container);
  container.on("receiver_open", ({ receiver }: EventContext) => {
    const address = addressOf(receiver?.target);
    if (address === CLAIMS || held.has(address)) return;
    // The client goes by the wording.
    const description = `The messaging entity '${address}' could not be found.`;
    receiver?.close({ condition: "amqp:not-found", description });
  });
  container.on("message", ({ receiver, message, delivery }: EventContext) => {
    const queue = held.get(addressOf(receiver?.target));
    if (queue === undefined || message === undefined) return;
    const condition = refusal ?? refusalOf(message);
    refusal = undefined;
    if (condition !== undefined) return delivery?.reject({ condition, description: "refused" });
    queue.push(heldOf(message));
    delivery?.accept();
  });
  return {
    ...(await listening(container)),
    take(queue) {
      const { due = [], later = [] } = Object.groupBy(held.get(queue) ?? [], ({ dueAtMs }) =>
        dueAtMs <= clock.now() ? "due" : "later",
      );
      held.set(queue, later);
      return due;
    },
    refuse: (condition) => void (refusal = condition),
  };
}

/** Grants whoever shows a token of the key; a client asks again for every link. */
function answerClaims(container: Container): void {
  container.sasl_server_mechanisms.enable_anonymous();
  const replies = new Map<string, Sender>();
  container.on("sender_open", ({ sender }: EventContext) => {
    // What the client calls its receiving end is where it wants the replies to its requests.
    if (sender !== undefined) replies.set(sender.name, sender);
  });
  container.on("message", ({ receiver, message, delivery }: EventContext) => {
    if (addressOf(receiver?.target) !== CLAIMS || message === undefined) return;
    delivery?.accept();
    const granted = String(message.body).includes(`skn=${KEY_NAME}`);
    replies.get(String(message.reply_to))?.send({
      correlation_id: String(message.message_id),
      application_properties: {
        "status-code": granted ? 202 : 401,
        "status-description": granted
          ? "Accepted"
          : "InvalidSignature: The token has an invalid signature.",
      },
      body: "",
    });
  });
}

function refusalOf(message: Message): string | undefined {
  const tooLarge = rhea.message.encode(message).length > MAX_MESSAGE_BYTES;
  return tooLarge ? "amqp:link:message-size-exceeded" : undefined;
}

function heldOf(message: Message): Held {
  const { message_id: id, body, message_annotations: annotations } = Received.parse(message);
  return { id, body, dueAtMs: annotations?.["x-opt-scheduled-enqueue-time"]?.getTime() ?? 0 };
}

function addressOf(terminus: { address?: unknown } | undefined): string {
  return String(terminus?.address);
}

async function listening(
  container: Container,
): Promise<Pick<FakeServiceBus, "connectionString" | "disconnect" | "stop">> {
  const connections = new Set<Connection>();
  container.on("connection_open", ({ connection }: EventContext) => connections.add(connection));
  const options = { autoaccept: false, max_message_size: MAX_MESSAGE_BYTES };
  const server = container.listen({ port: 0, host: "127.0.0.1", receiver_options: options });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("service bus has no port");
  return {
    connectionString: [
      `Endpoint=sb://127.0.0.1:${address.port}`,
      `SharedAccessKeyName=${KEY_NAME}`,
      "SharedAccessKey=a key that nobody checks",
      "UseDevelopmentEmulator=true",
    ].join(";"),
    async disconnect() {
      const open = [...connections].filter((connection) => connection.is_open());
      await Promise.all(
        open.map(async (connection) => {
          connection.close({ condition: "amqp:connection:forced", description: "idle for long" });
          await once(connection, "connection_close");
        }),
      );
      // The client is only done with a connection once its socket has ended.
      await Promise.all(
        [...sockets].map(async (socket) => {
          socket.end();
          await once(socket, "close");
        }),
      );
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
