import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { freePort } from "./listen.ts";

/** An address where nothing listens before `start`; then it leads to another. */
export type LateServer = {
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** Chooses a free port of this machine in front of a server, which is given as `host:port` or a URL. */
export async function lateServer(target: string): Promise<LateServer> {
  const { hostname, port: targetPort } = new URL(
    target.includes("://") ? target : `tcp://${target}`,
  );
  const port = await freePort();
  let server: Server | undefined;
  return {
    port,
    async start() {
      server = createServer((socket) => {
        const forward = connect(Number(targetPort), hostname);
        socket.on("error", () => forward.destroy());
        forward.on("error", () => socket.destroy());
        socket.pipe(forward).pipe(socket);
      }).listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    async stop() {
      server?.close();
    },
  };
}
