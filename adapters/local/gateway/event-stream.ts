import type { FastifyReply, FastifyRequest } from "fastify";
import type { LiveEvent } from "#shared/console";
import type { Fleet } from "./fleet.ts";
import type { LiveFeed } from "./live.ts";

/** Keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;
/** A reader that is further behind than this is dropped: it can ask /v1/runs for what it missed. */
const MAX_BEHIND_BYTES = 1_000_000;

/** `GET /v1/events`: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function streamEvents(
  live: LiveFeed,
  fleet: Fleet,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    connection: "keep-alive",
  });
  const write = (event: LiveEvent): void => {
    if (raw.writableLength > MAX_BEHIND_BYTES) raw.destroy();
    else raw.write(`event: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`);
  };
  write({ type: "health", data: fleet.health });
  const stop = live.subscribe(write);
  const heartbeat = setInterval(() => raw.write(": still here\n\n"), HEARTBEAT_MS);
  request.raw.once("close", () => {
    clearInterval(heartbeat);
    stop();
  });
}
