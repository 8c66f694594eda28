import { randomUUID } from "node:crypto";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import type { CatalogueEntry, FunctionInfo } from "#shared/console";
import { Fault } from "#shared/errors";
import type { IdentityDriver } from "#shared/identity";
import type { Engine } from "../engine/engine.ts";
import { registerAgents } from "./agents.ts";
import { acceptAsync } from "./async-actions.ts";
import { authenticate } from "./authenticate.ts";
import { registerBlobs } from "./blobs.ts";
import { registerCosts } from "./costs.ts";
import { registerConnections, registerConsent } from "./connections.ts";
import { consolePage } from "./console-page.ts";
import { DescribedRoutes } from "./described-routes.ts";
import { streamEvents } from "./event-stream.ts";
import type { Fleet, FleetFunction } from "./fleet.ts";
import type { LiveFeed } from "./live.ts";
import { registerMcp } from "./mcp.ts";
import { openApiOf } from "./openapi.ts";
import type { Replicas } from "../replication/replicas.ts";
import { registerReplication } from "./replication.ts";
import { type RouteSigner, routeTable } from "./route-table.ts";
import { registerRuns } from "./runs.ts";
import { notThere, sendProblem, serveFunction } from "./serve-function.ts";

/** What the portable layer carries at most in one request, in bytes; see `MAX_HTTP_BODY_BYTES` in shared/host. */
const BODY_LIMIT_BYTES = 4_500_000;

export type GatewayOptions = {
  readonly fleet: Fleet;
  readonly engine: Engine;
  readonly live: LiveFeed;
  readonly identity: IdentityDriver;
  /** The tenant's own key, which the gateway calls functions with on behalf of agents. */
  readonly token: string;
  readonly signer: RouteSigner;
  readonly functions: readonly (FunctionInfo & FleetFunction)[];
  readonly integrations: readonly CatalogueEntry[];
  /** What keeps the clouds' stores equal, where each has one of its own. */
  readonly replicas?: Replicas | undefined;
  /** Where the built console lies. */
  readonly consoleFolder: URL;
  /** Names that a browser may reach the gateway by; anything else is DNS rebinding. */
  readonly hostNames: readonly string[];
};

/** The HTTP surface. Listening and closing are the caller's. */
export function createGateway(options: GatewayOptions): FastifyInstance {
  const server = fastify({ bodyLimit: BODY_LIMIT_BYTES, exposeHeadRoutes: false, logger: false });
  server.removeAllContentTypeParsers();
  // Signatures hold over bytes, so nothing here reads a body.
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
  server.addHook("onRequest", async (request, reply) => {
    refuseForeignHost(request, options.hostNames);
    reply.headers(SECURITY_HEADERS);
  });
  server.setErrorHandler((thrown, request, reply) => {
    sendProblem(reply, fromFastify(thrown), instanceOf(request));
  });
  server.setNotFoundHandler((request, reply) => {
    sendProblem(reply, notThere("such path", "GET / lists what exists"), instanceOf(request));
  });
  const routes = new DescribedRoutes();
  routes.note(server, false);
  registerOpen(server, options);
  server.register(async (guarded) => {
    routes.note(guarded, true);
    guarded.addHook("onRequest", async (request) => authenticate(options.identity, request));
    registerGuarded(guarded, options);
    guarded.get("/openapi.json", async () => openApiOf({ ...options, routes: routes.all() }));
  });
  // An agent's token opens this and nothing else.
  server.register(async (open) => {
    routes.note(open, true);
    registerMcp(open, options);
  });
  return server;
}

const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:",
  "cache-control": "no-store",
};

/** Calls that carry their own proof, or need none. */
function registerOpen(
  server: FastifyInstance,
  { fleet, functions, consoleFolder, engine }: GatewayOptions,
): void {
  server.get("/healthz", async (_request, reply) => {
    const { health } = fleet;
    return reply.code(health.status === "ok" ? 200 : 503).send(health);
  });
  consolePage(server, consoleFolder);
  registerBlobs(server, engine);
  registerConsent(server, fleet, functions);
  server.route<{ Params: { integration: string } }>({
    method: ["GET", "POST", "OPTIONS"],
    url: "/v1/webhooks/:integration/:connection",
    handler: async (request, reply) => {
      const fn = functions.find(({ name }) => name === `integration-${request.params.integration}`);
      if (fn === undefined) {
        throw notThere("such integration", "GET /v1/integrations lists what exists");
      }
      // A delivery has an id of its own, by which a second one is known.
      await serveFunction(fleet, fn, request, reply, {
        trusted: false,
        effect: "once",
        budgeted: false,
      });
      return reply;
    },
  });
}

function registerGuarded(server: FastifyInstance, options: GatewayOptions): void {
  const { fleet, functions, integrations, live } = options;
  server.post<{ Params: { integration: string; action: string }; Querystring: { mode?: string } }>(
    "/v1/integrations/:integration/actions/:action",
    async (request, reply) => {
      const { integration, action } = request.params;
      const fn = functions.find(({ name }) => name === `integration-${integration}`);
      const entry = integrations.find(({ id }) => id === integration);
      if (fn === undefined || entry === undefined) {
        throw notThere("such integration", "GET /v1/integrations lists what exists");
      }
      const called = entry.actions.find(({ id }) => id === action);
      if (called === undefined) {
        throw notThere("such action", `GET /v1/integrations/${integration} lists them`);
      }
      if (request.query.mode === "async") return acceptAsync(options, fn, request, reply);
      await serveFunction(fleet, fn, request, reply, {
        trusted: true,
        effect: called.effect,
        budgeted: true,
      });
      return reply;
    },
  );
  registerConnections(server, fleet, functions);
  registerAgents(server, fleet, functions);
  server.get("/v1/integrations", async () => ({
    items: integrations.map(({ actions, events, ...entry }) => ({
      ...entry,
      actions: actions.map(({ id, summary, effect }) => ({ id, summary, effect })),
      events: events.map(({ type }) => type),
    })),
  }));
  server.get<{ Params: { integration: string } }>("/v1/integrations/:integration", (request) => {
    const entry = integrations.find(({ id }) => id === request.params.integration);
    if (entry === undefined) {
      throw notThere("such integration", "GET /v1/integrations lists what exists");
    }
    return Promise.resolve(entry);
  });
  server.get("/v1/functions", async () => ({ items: functions }));
  server.route<{ Params: { name: string } }>({
    method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    url: "/v1/functions/:name",
    handler: async (request, reply) => {
      const fn = functions.find(({ name }) => name === request.params.name);
      if (fn === undefined) throw notThere("such function", "GET /v1/functions lists what exists");
      if (fn.trigger !== "http") throw notCallable(fn);
      const effect = request.method === "GET" ? "read" : "unknown";
      await serveFunction(fleet, fn, request, reply, {
        trusted: true,
        effect,
        budgeted: true,
      });
      return reply;
    },
  });
  server.get("/v1/routes", async (request) =>
    routeTable(options.signer, fleet, functions, `http://${request.host}`),
  );
  server.get("/v1/events", (request, reply) => streamEvents(live, fleet, request, reply));
  registerRuns(server, options.engine);
  registerReplication(server, options.replicas);
  registerCosts(server, options.engine, () => fleet.arms);
}

// A page of another origin can point its own name at 127.0.0.1; its Host header gives it away.
function refuseForeignHost(request: FastifyRequest, hostNames: readonly string[]): void {
  if (hostNames.includes(request.hostname)) return;
  throw new Fault(
    "permission_denied",
    "gateway.host: the Host header names another machine; set AUTERITY_HOSTS to allow it",
    { origin: "caller" },
  );
}

function notCallable(fn: FunctionInfo): Fault {
  return new Fault(
    "failed_precondition",
    `gateway.call: ${fn.name} is started by its ${fn.trigger} (${fn.on}), not over HTTP`,
    { origin: "caller" },
  );
}

function fromFastify(thrown: unknown): unknown {
  if (Fault.is(thrown) || typeof thrown !== "object" || thrown === null) return thrown;
  const { statusCode, code } = thrown as { statusCode?: number; code?: string };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new Fault("too_large", `gateway.body: more than ${BODY_LIMIT_BYTES} bytes; send less`, {
      origin: "caller",
    });
  }
  if (statusCode === undefined || statusCode >= 500) return thrown;
  return new Fault("invalid_argument", `gateway.request: ${String(code)}; correct the request`, {
    origin: "caller",
  });
}

function instanceOf(request: FastifyRequest): string {
  const id = request.headers["x-request-id"];
  return typeof id === "string" && /^[\w-]{8,64}$/.test(id) ? id : randomUUID();
}
