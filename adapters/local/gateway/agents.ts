import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Fleet, FleetFunction } from "./fleet.ts";
import { notThere, serveFunction } from "./serve-function.ts";

/** `/v1/agents…`: what agents may do, what waits for a person, and what they did. */
export function registerAgents(
  server: FastifyInstance,
  fleet: Fleet,
  functions: readonly FleetFunction[],
): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const fn = functions.find(({ name }) => name === "agent-tools");
    if (fn === undefined) throw notThere("such function", "GET /v1/functions lists what exists");
    const effect = request.method === "GET" ? "read" : "unknown";
    await serveFunction(fleet, fn, request, reply, { trusted: true, effect, budgeted: false });
    return reply;
  };
  server.route({ method: ["GET", "POST", "PUT", "DELETE"], url: "/v1/agents/*", handler });
}
