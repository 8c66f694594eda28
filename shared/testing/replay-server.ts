import type { IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { listen, type TestServer } from "./listen.ts";

/** A request as a replay server saw it. */
export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly headers: IncomingHttpHeaders;
};

export type Replayed = { readonly status: number; readonly json?: unknown };

/** A vendor on the wire: gives its answers in order, then 599, and remembers what it was asked. */
export type ReplayServer = TestServer & { readonly seen: readonly SeenRequest[] };

/** Starts a server that answers with `answers`, one per request, whatever it is asked. */
export async function replayServer(answers: readonly Replayed[]): Promise<ReplayServer> {
  const pending = [...answers];
  const seen: SeenRequest[] = [];
  const server = await listen((request, response) => {
    void buffer(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const query = Object.fromEntries(url.searchParams);
      seen.push({
        method: request.method ?? "",
        path: url.pathname,
        ...(url.search === "" ? {} : { query }),
        ...(body.length === 0 ? {} : { json: JSON.parse(body.toString()) as unknown }),
        headers: request.headers,
      });
      const answer = pending.shift() ?? { status: 599 };
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(answer.json === undefined ? "" : JSON.stringify(answer.json));
    });
  });
  return { ...server, seen };
}
