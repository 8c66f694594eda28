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
    routes: [
      route("GET", "/v1/agents/permissions"),
      route("GET", "/v1/agents/permissions/:agent"),
      route("PUT", "/v1/agents/permissions/:agent"),
      route("DELETE", "/v1/agents/permissions/:agent"),
      route("GET", "/v1/agents/approvals"),
      route("GET", "/v1/agents/approvals/:approval"),
      route("POST", "/v1/agents/approvals/:approval/:decision"),
      route("GET", "/v1/agents/audit/:agent"),
      // What the gateway asks on an agent's behalf.
      route("POST", "/v1/agents/sessions"),
      route("POST", "/v1/agents/calls"),
      route("POST", "/v1/agents/calls/end"),
    ],
  },
  input: z.custom<RawRequest>((value) => typeof value === "object" && value !== null),
  uses: agentUses,
  async handler(ctx, request) {
    const { serveAgents } = await import("./serve-agents.ts");
    return serveAgents(ctx, request);
  },
});
