import { defineFunction, type RawRequest, type Route } from "#shared/function";
import * as z from "zod";
import { agentUses } from "./agent-uses.ts";

const route = (method: Route["method"], path: Route["path"]): Route => ({
  method,
  path,
  auth: "bearer",
});

/** Administers what agents may do, decides about their calls, and says what they did. */
export const agentTools = defineFunction({
  name: "agent-tools",
  summary: "Permissions, approvals and the audit of agents that use the catalogue over MCP.",
  trigger: {
    kind: "http",
    raw: true,
    // By shape: every function of an app on Azure has its routes read at the app's start.
    routes: [
      route("GET", "/v1/agents/:area"),
      route("POST", "/v1/agents/:area"),
      route("GET", "/v1/agents/:area/:name"),
      route("PUT", "/v1/agents/:area/:name"),
      route("DELETE", "/v1/agents/:area/:name"),
      route("POST", "/v1/agents/:area/:name/:operation"),
    ],
  },
  input: z.custom<RawRequest>((value) => typeof value === "object" && value !== null),
  uses: agentUses,
  async handler(ctx, request) {
    const { serveAgents } = await import("./serve-agents.ts");
    return serveAgents(ctx, request);
  },
});
