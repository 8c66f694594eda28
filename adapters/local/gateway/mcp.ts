import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CatalogueEntry } from "#shared/console";
import { toFault, toProblem } from "#shared/errors";
import type { HttpOutput } from "#shared/function";
import { bearerToken, type IdentityDriver } from "#shared/identity";
import type { ToolTarget } from "#shared/mcp";
import { type Agent, type AgentDesk, agentDesk, answerOf, type DeskOptions } from "./agent-desk.ts";
import { callAsAgent, catalogueOf, withOwnTools } from "./agent-tools.ts";
import { authenticate } from "./authenticate.ts";
import { callFunction, notThere } from "./serve-function.ts";

export type McpOptions = DeskOptions & {
  readonly integrations: readonly CatalogueEntry[];
  readonly identity: IdentityDriver;
};

/**
 * `/mcp`: actions of the catalogue as tools, called with the same budget, routing and record as over HTTP. The tenant's
 * own key has all of them, as it has over HTTP: to hold it back here alone would protect nothing. An agent has a token of
 * its own, which opens nothing but this, and has what its policy grants. The protocol is loaded with the first request.
 */
export function registerMcp(server: FastifyInstance, options: McpOptions): void {
  const desk = agentDesk(options);
  server.route({
    method: ["GET", "POST", "DELETE"],
    url: "/mcp",
    handler: async (request, reply) => {
      const agent = await authenticateAgent(options.identity, desk, request);
      const { serveMcp } = await import("#shared/mcp");
      const instance = randomUUID();
      const known = options.integrations;
      const integrations = agent === undefined ? known : withOwnTools(known);
      const response = await serveMcp(
        {
          integrations,
          listed: agent && catalogueOf(agent, known),
          instance,
          call: async (target, input) => {
            const called = { ...target, ...describe(integrations, target, request), input };
            const run = (): Promise<HttpOutput> => callAction(options, request, called);
            try {
              if (agent === undefined) return answerOf(await run());
              return await callAsAgent(desk, agent, { ...called, run });
            } catch (thrown) {
              return { problem: toProblem(toFault(thrown), instance) };
            }
          },
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

/** The agent who calls; `undefined` for the tenant itself. Throws as {@link authenticate} for everybody else. */
async function authenticateAgent(
  identity: IdentityDriver,
  desk: AgentDesk,
  request: FastifyRequest,
): Promise<Agent | undefined> {
  const { authorization } = request.headers;
  const token = bearerToken(authorization === undefined ? {} : { authorization });
  const agent = token === undefined ? undefined : await desk.session(token);
  if (agent === undefined) await authenticate(identity, request);
  return agent;
}

function describe(
  integrations: readonly CatalogueEntry[],
  { integration, action }: ToolTarget,
  request: FastifyRequest,
) {
  const entry = integrations.find(({ id }) => id === integration);
  const effect = entry?.actions.find(({ id }) => id === action)?.effect ?? "write";
  return { effect, connection: header(request, "x-auterity-connection") ?? "default" };
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

type Called = ToolTarget & {
  readonly effect: "read" | "write";
  readonly connection: string;
  readonly input: unknown;
};

/** Runs an action as `POST /v1/integrations/…` does, with the tenant's key. */
async function callAction(
  { fleet, functions, token }: McpOptions,
  request: FastifyRequest,
  { integration, action, effect, connection, input }: Called,
): Promise<HttpOutput> {
  const fn = functions.find(({ name }) => name === `integration-${integration}`);
  if (fn === undefined) {
    throw notThere("such integration", "GET /v1/integrations lists what exists");
  }
  const traceparent = header(request, "traceparent");
  const call = {
    method: "POST",
    path: `/v1/integrations/${integration}/actions/${action}`,
    query: "",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "x-auterity-connection": connection,
      ...(traceparent === undefined ? {} : { traceparent }),
    },
    body: JSON.stringify(input),
    clientIp: request.socket.remoteAddress,
  };
  const pinned = header(request, "x-auterity-target");
  return callFunction(fleet, fn, call, { effect, budgeted: true, pinned });
}

function header({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join() : value;
}
