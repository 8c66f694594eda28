import type { IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { type Playable, playResponse, type Recorded, recordRequest } from "#shared/integration";
import { listen, type TestServer } from "./listen.ts";

/** A request as a replay server saw it, with all its headers, and as a fixture would record it. */
export type SeenRequest = Omit<Recorded, "headers"> & {
  readonly headers: IncomingHttpHeaders;
  readonly recorded: Recorded;
};

export type Replayed = Playable;

/** A vendor on the wire: gives its answers in order, then 599, and remembers what it was asked. */
export type ReplayServer = TestServer & { readonly seen: readonly SeenRequest[] };

/** Starts a server that answers with `answers`, one per request, whatever it is asked. */
export async function replayServer(
  answers: readonly Replayed[],
  isOwn?: (name: string, value: string) => boolean,
): Promise<ReplayServer> {
  const pending = [...answers];
  const seen: SeenRequest[] = [];
  const server = await listen((request, response) => {
    void buffer(request).then((body) => {
      const { method = "", url = "/", headers } = request;
      const recorded = recordRequest({ method, url, headers, body }, isOwn);
      seen.push({ ...recorded, headers, recorded });
      const answer = playResponse(pending.shift() ?? { status: 599 });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  return { ...server, seen };
}
