import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { buffer } from "node:stream/consumers";
import type { TestEngine } from "#shared/testing";
import type { EmulatorClient } from "../drivers/emulator-client.ts";
import { localClient } from "./java-emulator.conformance.ts";

/** What a fake service answers: a message, or a status that is no success. */
export type GrpcAnswer = { readonly message: Uint8Array } | { readonly status: number };

/** A gRPC server in this process, and what it was asked: paths like `/package.Service/Method`. */
export type GrpcServer = TestEngine & {
  readonly client: EmulatorClient;
  readonly calls: readonly string[];
};

/** A message's frame is a flag and its length: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
const FRAME_BYTES = 5;

/** Serves calls of one message each on a free port. */
export async function startGrpcServer(
  answer: (path: string, message: Uint8Array) => GrpcAnswer,
): Promise<GrpcServer> {
  const calls: string[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    const path = headers[":path"] ?? "";
    calls.push(path);
    void buffer(stream).then((body) => respond(stream, answer(path, body.subarray(FRAME_BYTES))));
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no port"));
      else resolve(address.port);
    });
  });
  return {
    client: await localClient(port),
    calls,
    async stop() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function respond(stream: ServerHttp2Stream, answer: GrpcAnswer): void {
  const headers = { ":status": 200, "content-type": "application/grpc" };
  if ("status" in answer) {
    stream.respond({ ...headers, "grpc-status": String(answer.status) }, { endStream: true });
    return;
  }
  stream.respond(headers, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32BE(answer.message.length, 1);
  stream.end(Buffer.concat([frame, answer.message]));
}
