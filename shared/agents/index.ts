export {
  AgentName,
  AgentPolicy,
  judge,
  type Judged,
  mayBeListed,
  type ToolCall,
  ToolName,
  type Verdict,
} from "./policy.ts";
