import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Fault } from "#shared/errors";
import type { Fleet, FleetFunction } from "./fleet.ts";
import { serveFunction } from "./serve-function.ts";

const NAME = "connections";

/** `/v1/connections…`: create, test, list, rotate and delete connections. */
export function registerConnections(
  server: FastifyInstance,
  fleet: Fleet,
  functions: readonly FleetFunction[],
): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const effect = request.method === "GET" ? "read" : "unknown";
    const options = { trusted: true, effect, budgeted: false } as const;
    await serveFunction(fleet, find(functions), request, reply, options);
    return reply;
  };
  for (const url of ["/v1/connections", "/v1/connections/*"]) {
    server.route({ method: ["GET", "POST", "DELETE"], url, handler });
  }
}

/** `/v1/oauth/:integration/callback`: where a vendor's consent page sends people back to, with its own proof. */
export function registerConsent(
  server: FastifyInstance,
  fleet: Fleet,
  functions: readonly FleetFunction[],
): void {
  server.get("/v1/oauth/:integration/callback", async (request, reply) => {
    // A code is used up by its exchange.
    const options = { trusted: false, effect: "unknown", budgeted: false } as const;
    await serveFunction(fleet, find(functions), request, reply, options);
    return reply;
  });
}

function find(functions: readonly FleetFunction[]): FleetFunction {
  const found = functions.find(({ name }) => name === NAME);
  if (found !== undefined) return found;
  throw new Fault(
    "not_found",
    "gateway.call: this product was built without connections; build it anew",
  );
}
