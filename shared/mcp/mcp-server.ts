import { createMcpHandler, Server } from "@modelcontextprotocol/server";
import type { CatalogueEntry } from "#shared/console";
import { Fault, toProblem } from "#shared/errors";
import { actionTools, toolTarget, type ToolTarget } from "./tools.ts";

/** What an action gave, or the problem (RFC 9457) that it failed with. */
export type ToolOutcome = { readonly output: unknown } | { readonly problem: unknown };

export type McpServerOptions = {
  /** What there is; nothing else is called. */
  readonly integrations: readonly CatalogueEntry[];
  /** What the caller is shown of it: a call of the rest is for `call` to refuse. All of it when left out. */
  readonly listed?: readonly CatalogueEntry[] | undefined;
  /** Runs an action on the caller's behalf. */
  readonly call: (target: ToolTarget, input: unknown) => Promise<ToolOutcome>;
  /** Names a call in a failure, for logs. */
  readonly instance: string;
};

/**
 * Answers one request of an MCP client by streamable HTTP, without a session: any instance can answer any request
 * (https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http). A failure, of an
 * unknown tool too, is a tool error with our code, which a model can read and act on.
 */
export async function serveMcp(options: McpServerOptions, request: Request): Promise<Response> {
  const handler = createMcpHandler(() => newServer(options));
  return handler.fetch(request);
}

function newServer({
  integrations,
  listed = integrations,
  call,
  instance,
}: McpServerOptions): Server {
  const server = new Server(
    { name: "auterity", version: "1" },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler("tools/list", () => ({ tools: [...actionTools(listed)] }));
  server.setRequestHandler("tools/call", async ({ params }) => {
    const target = toolTarget(integrations, params.name);
    if (target === undefined) return failed(toProblem(noSuchTool(), instance));
    const outcome = await call(target, params.arguments ?? {});
    if ("problem" in outcome) return failed(outcome.problem);
    const { output = null } = outcome;
    const content = [textBlock(output)];
    return isObject(output) ? { content, structuredContent: output } : { content };
  });
  return server;
}

const INSTRUCTIONS =
  "Each tool is an action of an integration, <integration>__<action>. A failure carries a code and an origin: " +
  "with origin caller, correct the arguments; with another, try again later.";

function failed(problem: unknown) {
  return { isError: true, content: [textBlock(problem)] };
}

function textBlock(value: unknown) {
  return { type: "text" as const, text: JSON.stringify(value) };
}

function noSuchTool(): Fault {
  return new Fault("not_found", "mcp.call: there is no such tool; tools/list names them", {
    origin: "caller",
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
