import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CatalogueEntry } from "#shared/console";
import type { ToolOutcome, ToolTarget } from "#shared/mcp";

/**
 * `/mcp`: every action of the catalogue as a tool, called as the client's own token calls it over HTTP, with the same
 * identity, budget, routing and record. The protocol is loaded with the first request.
 */
export function registerMcp(
  server: FastifyInstance,
  integrations: readonly CatalogueEntry[],
): void {
  server.route({
    method: ["GET", "POST", "DELETE"],
    url: "/mcp",
    handler: async (request, reply) => {
      const { serveMcp } = await import("#shared/mcp");
      const response = await serveMcp(
        {
          integrations,
          instance: randomUUID(),
          call: (target, input) => callAction(server, request, target, input),
        },
        toRequest(request, reply),
      );
      const { body } = response;
      return reply
        .code(response.status)
        .headers(Object.fromEntries(response.headers))
        .send(body === null ? undefined : Readable.fromWeb(body));
    },
  });
}

/** Ends with its connection, so that a stream that nobody reads is not kept. */
function toRequest(
  { method, url, headers, host, body }: FastifyRequest,
  { raw }: FastifyReply,
): Request {
  const gone = new AbortController();
  raw.once("close", () => gone.abort());
  const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
  );
  return new Request(new URL(url, `http://${host}`), {
    method,
    headers: given,
    signal: gone.signal,
    ...(body instanceof Uint8Array ? { body: new Uint8Array(body) } : {}),
  });
}

/** What a caller may say of a call beside its input. */
const PASSED_ON = [
  "authorization",
  "host",
  "traceparent",
  "x-auterity-connection",
  "x-auterity-target",
];

async function callAction(
  server: FastifyInstance,
  request: FastifyRequest,
  { integration, action }: ToolTarget,
  input: unknown,
): Promise<ToolOutcome> {
  const headers = PASSED_ON.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  const { statusCode, payload } = await server.inject({
    method: "POST",
    url: `/v1/integrations/${integration}/actions/${action}`,
    headers: { ...Object.fromEntries(headers), "content-type": "application/json" },
    payload: JSON.stringify(input),
  });
  const answer: unknown = payload === "" ? undefined : JSON.parse(payload);
  return statusCode >= 200 && statusCode < 300 ? { output: answer } : { problem: answer };
}
