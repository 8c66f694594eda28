import { connectionGrants } from "#shared/connections";
import { Fault } from "#shared/errors";
import {
  defineFunction,
  type FunctionDefinition,
  type RawRequest,
  type Route,
} from "#shared/function";
import { connections, type Integration, loadActions, type Served } from "#shared/integration";
import * as z from "zod";
import { deskGrants } from "./desk.ts";

/** Loads integrations by id: none is loaded before somebody names it. */
export type Integrations = Readonly<
  Record<string, () => Promise<{ readonly default: Integration }>>
>;

const limits = { timeoutSeconds: 30, memoryMb: 256 };

const route = (
  method: Route["method"],
  path: Route["path"],
  auth: Route["auth"] = "bearer",
): Route => ({
  ...{ method, path, auth },
});

const routes: readonly Route[] = [
  route("GET", "/v1/connections"),
  route("GET", "/v1/connections/:integration"),
  route("POST", "/v1/connections/:integration"),
  route("GET", "/v1/connections/:integration/:connection"),
  route("DELETE", "/v1/connections/:integration/:connection"),
  route("POST", "/v1/connections/:integration/:connection/:operation"),
  route("GET", "/v1/oauth/:integration/callback", "public"),
];

/**
 * The function `connections`: creates, tests, lists, rotates and deletes a tenant's connections to all integrations, and
 * asks vendors for consent. The one function that knows every integration; it loads those that are named.
 */
export function connectionsFunction(integrations: Integrations): FunctionDefinition {
  const known = new Map<string, { readonly integration: Integration; readonly served: Served }>();
  const find = async (id: string) => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const load = Object.hasOwn(integrations, id) ? integrations[id] : undefined;
    if (load === undefined) throw noSuchIntegration();
    const [{ default: integration }, { serve }] = await Promise.all([load(), loadActions()]);
    const opened = { integration, served: serve(integration, limits.timeoutSeconds) };
    known.set(id, opened);
    return opened;
  };
  return defineFunction({
    name: "connections",
    summary:
      "Create, test, list, rotate and delete connections to integrations, and ask for consent",
    trigger: { kind: "http", routes, raw: true },
    input: z.custom<RawRequest>((value) => typeof value === "object" && value !== null),
    uses: { ...connectionGrants, ...deskGrants, connections: connections("*") },
    limits,
    async handler(ctx, request) {
      const { serveConnections, serveConsent } = await import("./serve-connections.ts");
      const isConsent = request.path.startsWith("/v1/oauth/");
      return isConsent ? serveConsent(find, ctx, request) : serveConnections(find, ctx, request);
    },
  });
}

function noSuchIntegration(): Fault {
  return new Fault(
    "not_found",
    "connections.find: there is no such integration; GET /v1/integrations lists what exists",
    { origin: "caller" },
  );
}
