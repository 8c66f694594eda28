import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { MAX_CALL_BYTES, type Replica } from "#shared/replication";
import { PEER_PATH } from "./peer-sender.ts";

/** A replica's front door; it is open before there is a replica, so that all addresses are known to all. */
export type ReplicaServer = {
  readonly url: string;
  serve(replica: Replica): void;
  close(): Promise<void>;
};

/** Listens on a port of the loopback interface: a free one, or the one given. */
export async function listenForPeers(port = 0): Promise<ReplicaServer> {
  let replica: Replica | undefined;
  const server = createServer((request, response) => {
    answer(replica, request, response).catch(() => response.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: urlOf(server),
    serve: (given) => void (replica = given),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function urlOf(server: Server): string {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

async function answer(
  replica: Replica | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url !== PEER_PATH || request.method !== "POST") return end(response, 404);
  if (replica === undefined) return end(response, 503);
  const body = await bodyOf(request);
  if (body === undefined) return end(response, 413);
  const { status, answer: given } = await replica.answer({ headers: headersOf(request), body });
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(given));
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: "close" }).end();
}

/** `undefined` for a body larger than any call. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    sizeBytes += bytes.byteLength;
    if (sizeBytes > MAX_CALL_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const],
    ),
  );
}
