export { type McpServerOptions, serveMcp, type ToolOutcome } from "./mcp-server.ts";
export { type ActionTool, actionTools, type ToolTarget, toolTarget } from "./tools.ts";
