import { createServer, type Socket } from "node:net";

/** A request as it came over a raw connection, once its head is there. */
export type RawCall = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Resolves when the whole body is there. */
  readonly body: Promise<void>;
  readonly socket: Socket;
};

export type RawVendor = { readonly url: string; close(): Promise<void> };

/**
 * A server that speaks HTTP only as far as it must: what `act` writes into a socket is what the client gets, however
 * wrong it is.
 */
export async function rawVendor(act: (call: RawCall) => void): Promise<RawVendor> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // A client that breaks off is what many a test is about.
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    readCalls(socket, act);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function nothing(): void {}

function readCalls(socket: Socket, act: (call: RawCall) => void): void {
  let rest = Buffer.alloc(0);
  let missing = 0;
  let finish = nothing;
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const taken = Math.min(missing, rest.length);
      rest = rest.subarray(taken);
      missing -= taken;
      if (missing > 0) return;
      finish();
      const end = rest.indexOf("\r\n\r\n");
      if (end === -1) return;
      const [start = "", ...lines] = rest.subarray(0, end).toString().split("\r\n");
      rest = rest.subarray(end + 4);
      const headers = Object.fromEntries(
        lines.map((line) => {
          const colon = line.indexOf(":");
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }),
      );
      const [method = "", path = ""] = start.split(" ");
      missing = Number(headers["content-length"] ?? 0);
      const body = new Promise<void>((resolve) => {
        finish = resolve;
      });
      act({ method, path, headers, body, socket });
    }
  });
}
