export { agentRun } from "./agent-run.ts";
export { agentTools } from "./agent-tools.ts";
